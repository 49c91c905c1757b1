"""The vendor's own pages."""

from django.urls import path

from longshore.web.vendor import home

app_name = "vendor"
urlpatterns = [path("", home.home, name="home")]
