"""Coming in, going out, and another password."""

from django.contrib import messages
from django.contrib.auth import views
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import PasswordChangeForm
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse_lazy
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


class Password(views.PasswordChangeView):
    """A new password; other sessions of the account end with the old one."""

    template_name = "password.html"
    success_url = reverse_lazy("projects")

    def form_valid(self, form: PasswordChangeForm) -> HttpResponse:
        messages.success(self.request, "The password is changed.")
        return super().form_valid(form)


login = Login.as_view()
logout = views.LogoutView.as_view()
password = Password.as_view()
