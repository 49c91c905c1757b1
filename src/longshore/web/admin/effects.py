"""What a vendor's settings do, each in one sentence with an example, before they are saved."""

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.forms import BoundField
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from longshore.domain.calendar import ship_by
from longshore.domain.countries import CODES
from longshore.storage.queries.vendor import VendorPage
from longshore.web.admin.forms import VendorSettingsForm
from longshore.web.shared.amounts import money
from longshore.web.shared.countries import codes_in, country_name

AT_THE_VENDOR = 7
PRICE = Decimal(10)
MOST_DAYS = 60
MOST_RATE_DAYS = 3650
MONDAY = date(2026, 10, 12)
LARGEST = 100_000
ELSEWHERE = ("DE", "FR", "US", "JP", "BR", *sorted(CODES))
"""Countries to give an example of, well known ones first."""
"""What a setting may be at most; beyond it an example would only confuse."""


def effects(form: VendorSettingsForm, vendor: VendorPage) -> dict[str, str]:
    """By field. What was typed counts, saved or not; where it makes no sense there is no effect."""
    return {
        "buffer": _buffer(_number(form["buffer"])),
        "sell_backorders": _("At 0, what the vendor takes on backorder can still be bought.")
        if _on(form["sell_backorders"])
        else _("At 0 nothing more is sold."),
        "auto_approve": _approved(form),
        "ship_days": _ship(_number(form["ship_days"])),
        "labels_ship": _("As soon as a label is printed, the buyer is told that it was sent.")
        if _on(form["labels_ship"])
        else _("A label alone is no shipment: the order must be completed, or a parcel named."),
        "when_silent": _silent(form),
        "countries": _countries(form["countries"]),
        "rate": _rate(_number(form["rate"]), vendor),
        "rate_days": _asked(_number(form["rate_days"]), vendor),
        "tax_factor": _tax(_number(form["tax_factor"]), vendor),
    }


def _buffer(buffer: Decimal | None) -> str:
    if buffer is None or not 0 <= buffer <= LARGEST or buffer != int(buffer):
        return ""
    shown = max(0, AT_THE_VENDOR - int(buffer))
    return _("With %(n)d at the vendor, Shopify shows %(shown)d.") % {
        "n": AT_THE_VENDOR,
        "shown": shown,
    }


def _approved(form: VendorSettingsForm) -> str:
    if not _on(form["auto_approve"]):
        return _("New products wait in review until you approve them.")
    if _on(form["drafts_first"]):
        return _("New products go on Shopify as drafts; buyers see them once you make them active.")
    return _("New products go on Shopify by themselves. Those with a problem wait.")


def _asked(days: Decimal | None, vendor: VendorPage) -> str:
    if not vendor.foreign_currency or days is None or not 1 <= days <= MOST_RATE_DAYS:
        return ""
    return _("After %(n)s days home asks for a new rate; prices go on with the old one.") % {
        "n": int(days)
    }


def _ship(days: Decimal | None) -> str:
    if days is None or not 0 <= days <= MOST_DAYS or days != int(days):
        return ""
    due = ship_by(MONDAY, int(days))
    return _("An order of Monday is to be shipped by %(day)s.") % {"day": date_format(due, "l")}


def _countries(field: BoundField) -> str:
    typed: Any = field.value()
    if not typed:
        return _("It gets orders from everywhere.")
    codes = tuple(typed) if isinstance(typed, list | tuple) else codes_in(str(typed))[0]
    served = next((code for code in codes if code in ELSEWHERE), codes[0] if codes else "")
    other = next(code for code in ELSEWHERE if code not in codes)
    if not served:
        return ""
    return _(
        "It gets an order to %(served)s. One to %(other)s waits until you say who sends it."
    ) % {"served": country_name(served), "other": country_name(other)}


def _silent(form: VendorSettingsForm) -> str:
    hours = _number(form["silent_hours"])
    if form["when_silent"].value() != "zero" or hours is None:
        return _("Its last numbers stay on sale, however long it is silent.")
    return _("After %(n)s h without an answer nothing of it can be bought.") % {"n": hours}


def _rate(rate: Decimal | None, vendor: VendorPage) -> str:
    if not vendor.foreign_currency:
        return ""
    if not rate or not 0 < rate <= LARGEST:
        return _("Without a rate nothing of this vendor is published.")
    return _("%(theirs)s at the vendor is %(ours)s on Shopify.") % {
        "theirs": money(PRICE, vendor.foreign_currency),
        "ours": money(PRICE * rate, vendor.front_currency),
    }


def _tax(factor: Decimal | None, vendor: VendorPage) -> str:
    if not vendor.needs_tax:
        return ""
    if not factor or not 0 < factor <= LARGEST:
        return _("Without a factor nothing of this vendor is published.")
    words = {
        "theirs": money(PRICE, vendor.front_currency),
        "ours": money(PRICE * factor, vendor.front_currency),
    }
    if vendor.front_taxes_included:
        return _("%(theirs)s without tax is %(ours)s with tax on Shopify.") % words
    return _("%(theirs)s with tax is %(ours)s without tax on Shopify.") % words


def _number(field: BoundField) -> Decimal | None:
    value: Any = field.value()
    try:
        number = Decimal(str(value)) if value not in {None, ""} else None
    except InvalidOperation:
        return None
    return number if number is None or number.is_finite() else None


def _on(field: BoundField) -> bool:
    value: Any = field.value()
    return value in {True, "on", "true", "True", "1"}
