"""Where a shop's owner finds the REST API keys, by generation of WooCommerce. The places are those
of the settings screens in the tagged sources; menus are named as WordPress writes them in English.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Step:
    """`picture` is the template that draws it."""

    title: str | Promise
    text: str | Promise
    picture: str


@dataclass(frozen=True, slots=True)
class Era:
    """`menu`, `tab` and `section` are what is to be clicked, in this order; "" where a screen has
    none of it. `shown_once`: the shop shows a key's secret when it is made, and never again.
    """

    slug: str
    versions: str | Promise
    menu: str
    tab: str
    section: str
    steps: Sequence[Step]
    shown_once: bool = True


_FORM = Step(
    _("Make a key that may read and write"),
    _(
        "Press Add key. As description write the name of the marketplace. As user choose an"
        " administrator or a shop manager. As permissions choose Read/Write. Press Generate API"
        " key."
    ),
    "guide/_form.html",
)
_COPY = Step(
    _("Copy both values"),
    _(
        "Copy the consumer key (ck_...) and the consumer secret (cs_...) whole. The secret is shown"
        " this one time only; the list of keys later shows only the last seven characters, and they"
        " are not enough."
    ),
    "guide/_pair.html",
)


def _places(path: str) -> Step:
    return Step(_("Open the page of the keys"), _OPEN_AT[path], "guide/_places.html")


_OPEN_AT = {
    "today": _(
        "Sign in to WordPress as an administrator. In the menu on the left choose WooCommerce, then"
        " Settings. Choose the tab Advanced and below it REST API."
    ),
    "tab": _(
        "Sign in to WordPress as an administrator. In the menu on the left choose WooCommerce, then"
        " Settings. Choose the tab API and below it Keys/Apps."
    ),
}

ERAS = (
    Era(
        "today",
        _("3.4 or newer"),
        "Settings",
        "Advanced",
        "REST API",
        (_places("today"), _FORM, _COPY),
    ),
    Era(
        "2-4",
        _("2.4 to 3.3"),
        "Settings",
        "API",
        "Keys/Apps",
        (
            _places("tab"),
            Step(
                _("See that the API is on"),
                _(
                    "On the same tab, below Settings, the box Enable the REST API must be ticked."
                    " Tick it and save if it is not."
                ),
                "guide/_switch.html",
            ),
            _FORM,
            _COPY,
        ),
    ),
    Era(
        "2-2",
        _("2.2 or 2.3"),
        "Settings",
        "General",
        "",
        (
            Step(
                _("Switch the API on"),
                _(
                    "Sign in to WordPress as an administrator. In the menu on the left choose"
                    " WooCommerce, then Settings. On the tab General tick Enable the REST API and"
                    " save."
                ),
                "guide/_switch.html",
            ),
            Step(
                _("Make a key in your profile"),
                _(
                    "In the menu on the left choose Users, then Your Profile. Near the end tick"
                    " Generate API Key, choose Read/Write and press Update Profile."
                ),
                "guide/_profile.html",
            ),
            Step(
                _("Copy both values"),
                _(
                    "The profile now shows the consumer key (ck_...) and the consumer secret"
                    " (cs_...). Copy both whole."
                ),
                "guide/_pair.html",
            ),
        ),
        shown_once=False,
    ),
)
BY_SLUG = {era.slug: era for era in ERAS}
