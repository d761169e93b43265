"""Coming in and going out."""

from django.contrib.auth import views
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponseBase
from django.utils.decorators import method_decorator
from django_htmx.http import HttpResponseClientRefresh


@method_decorator(login_not_required, name="dispatch")
class Login(views.LoginView):
    template_name = "login.html"
    redirect_authenticated_user = True

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        if request.headers.get("HX-Request") == "true":
            # A fragment's request whose session has ended: the whole page must go to the login, not the fragment.
            return HttpResponseClientRefresh()
        return super().dispatch(request, *args, **kwargs)


login = Login.as_view()
logout = views.LogoutView.as_view()
