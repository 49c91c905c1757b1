"""What is one's own: the look, the language, where one belongs, and how one signs in."""

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from longshore.web.shared.choices import theme_of
from longshore.web.shared.tenancy import PageRequest

THEME_WORDS = (
    ("system", gettext_lazy("As my device")),
    ("light", gettext_lazy("Light")),
    ("dark", gettext_lazy("Dark")),
)


@require_safe
def you(request: PageRequest) -> HttpResponse:
    context = {
        "themes": THEME_WORDS,
        "chosen": theme_of(request) or "system",
        "languages": settings.LANGUAGES,
        "layout": "app.html" if request.tenant.operates else "portal.html",
    }
    return render(request, "you.html", context)
