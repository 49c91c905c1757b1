"""Every address the hub answers."""

from django.urls import URLPattern, URLResolver, include, path

from longshore.web.health import alive

urlpatterns: list[URLPattern | URLResolver] = [
    path("alive/", alive, name="alive"),
    path("account/", include("allauth.urls")),
]
