"""Every address the hub answers."""

from django.urls import URLPattern, URLResolver, include, path
from django.views.i18n import set_language

from longshore.web.guide.pages import keys as guide_keys
from longshore.web.health import alive
from longshore.web.shared import by_link, sign_in_links
from longshore.web.shared.choices import switch, theme
from longshore.web.shared.devices import end
from longshore.web.shared.errors import closed
from longshore.web.shared.gallery import gallery
from longshore.web.shared.icons import icons
from longshore.web.shared.joining import join
from longshore.web.shared.letters import letters
from longshore.web.shared.reconnect import reconnect
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
    path("ship/<str:token>/message/", by_link.message, name="ship_message"),
    path("ship/<str:token>/slip/", by_link.slip, name="ship_slip"),
    path("check/<str:token>/", by_link.check, name="check"),
    path("letters/<str:token>/", letters, name="letters"),
    path("reconnect/<str:token>/", reconnect, name="reconnect"),
    path("theme/", theme, name="theme"),
    path("switch/", switch, name="switch"),
    path("you/", you, name="you"),
    path("language/", set_language, name="set_language"),
    path("account/link/", sign_in_links.ask, name="sign_in_link"),
    path("account/link/<str:token>/", sign_in_links.sign_in, name="sign_in"),
    path("account/sessions/<int:session_id>/end/", end, name="session_end"),
    # Addresses are the marketplace's to give: nobody changes their own.
    path("account/email/", closed),
    path("account/confirm-email/", closed),
    path("account/confirm-email/<str:key>/", closed),
    path("account/", include("allauth.urls")),
    path("api/", include("longshore.web.api.urls")),
    path("my/", include("longshore.web.vendor.urls")),
    path("", include("longshore.web.admin.urls")),
]
handler400 = "longshore.web.shared.errors.bad_request"
handler403 = "longshore.web.shared.errors.forbidden"
handler404 = "longshore.web.shared.errors.not_found"
handler500 = "longshore.web.shared.errors.failed"
