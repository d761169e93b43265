"""Every page. One URL, one view, one template."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
