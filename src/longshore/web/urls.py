"""Every address the hub answers."""

from django.urls import URLPattern, URLResolver, include, path

from longshore.web.health import alive
from longshore.web.shared.gallery import gallery
from longshore.web.shared.icons import icons
from longshore.web.shared.joining import join

urlpatterns: list[URLPattern | URLResolver] = [
    path("alive/", alive, name="alive"),
    path("icons/<slug:digest>.svg", icons, name="icons"),
    path("join/<str:token>/", join, name="join"),
    path("gallery/", gallery, name="gallery"),
    path("account/", include("allauth.urls")),
    path("my/", include("longshore.web.vendor.urls")),
    path("", include("longshore.web.admin.urls")),
]
handler403 = "longshore.web.shared.errors.forbidden"
handler404 = "longshore.web.shared.errors.not_found"
handler500 = "longshore.web.shared.errors.failed"
