"""Every address the hub answers."""

from django.urls import URLPattern, URLResolver, include, path
from django.views.i18n import set_language

from longshore.web.guide.pages import keys as guide_keys
from longshore.web.health import alive
from longshore.web.shared import by_link
from longshore.web.shared.choices import switch, theme
from longshore.web.shared.gallery import gallery
from longshore.web.shared.icons import icons
from longshore.web.shared.joining import join
from longshore.web.shared.you import you

urlpatterns: list[URLPattern | URLResolver] = [
    path("alive/", alive, name="alive"),
    path("icons/<slug:digest>.svg", icons, name="icons"),
    path("join/<str:token>/", join, name="join"),
    path("gallery/", gallery, name="gallery"),
    path("guide/keys/", guide_keys, name="guide"),
    path("guide/keys/<slug:era>/", guide_keys, name="guide_keys"),
    path("ship/<str:token>/", by_link.ship, name="ship"),
    path("ship/<str:token>/cannot/", by_link.cannot, name="ship_cannot"),
    path("ship/<str:token>/slip/", by_link.slip, name="ship_slip"),
    path("check/<str:token>/", by_link.check, name="check"),
    path("theme/", theme, name="theme"),
    path("switch/", switch, name="switch"),
    path("you/", you, name="you"),
    path("language/", set_language, name="set_language"),
    path("account/", include("allauth.urls")),
    path("api/", include("longshore.web.api.urls")),
    path("my/", include("longshore.web.vendor.urls")),
    path("", include("longshore.web.admin.urls")),
]
handler403 = "longshore.web.shared.errors.forbidden"
handler404 = "longshore.web.shared.errors.not_found"
handler500 = "longshore.web.shared.errors.failed"
