"""Home answers one question: is anything wrong, and what do I do."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from longshore.storage.queries.home import (
    Numbers,
    ShopPulse,
    lately,
    numbers,
    orders_a_day,
    pulses,
)
from longshore.storage.queries.needs import waiting
from longshore.storage.queries.problems import Problems, last_quiet, open_problems
from longshore.web.admin import params
from longshore.web.shared.order_days import weeks_of
from longshore.web.shared.order_words import brief
from longshore.web.shared.tenancy import PageRequest
from longshore.web.shared.vendor_words import pulse_state
from longshore.web.shared.words import shown


@dataclass(frozen=True, slots=True)
class Step:
    """One step towards the first order: `kind` is ok, next or todo."""

    kind: str
    words: str
    more: str
    url: str
    button: str


@require_safe
def home(request: PageRequest) -> HttpResponse:
    owner, now, today = request.tenant.marketplace_id, timezone.now(), params.today()
    found = open_problems(owner)
    counted = numbers(owner, today, now)
    shops = pulses(owner)
    steps = [] if request.tenant.live_since else _steps(counted, shops)
    return render(
        request,
        "admin/home.html",
        {
            "title": _title(found, steps),
            "quiet_since": None if found.needing else last_quiet(owner),
            "steps": steps,
            "numbers": counted,
            "waiting": waiting(owner),
            "weeks": weeks_of(orders_a_day(owner, today)),
            "shops": [(shop, pulse_state(shop)) for shop in shops],
            "lately": [(event, brief(event)) for event in lately(owner)],
            **_problems(found),
        },
    )


def _problems(found: Problems) -> dict[str, Any]:
    """Notes need nothing from anybody, nor does what people know of: folded below what does."""
    return {
        "problems": [shown(row) for row in found.rows if not row.is_note],
        "notes": [shown(row) for row in found.rows if row.is_note],
        "more": found.more,
    }


def _title(found: Problems, steps: list[Step]) -> str:
    count = found.needing
    if count:
        words = ngettext("%(count)d thing needs you", "%(count)d things need you", count)
        return words % {"count": count}
    if steps:
        left = sum(step.kind != "ok" for step in steps)
        words = ngettext(
            "%(count)d step to your first order", "%(count)d steps to your first order", left
        )
        return words % {"count": left}
    return _("All is well")


def _steps(counted: Numbers, shops: tuple[ShopPulse, ...]) -> list[Step]:
    """The way to the first order, until going live ends it."""
    front = any(shop.vendor_id is None for shop in shops)
    store = any(shop.vendor_id is not None for shop in shops)
    ways = (
        (front, _("Connect Shopify"), _("Connecting writes nothing there."), "setup"),
        (store, _("Connect a vendor's shop"), _("With its address and a Read/Write key."), ""),
        (
            counted.published > 0,
            _("Review the products"),
            _("Nothing goes on Shopify before you approve it."),
            "products",
        ),
        (False, _("Go live"), _("Orders go to their vendors from then on."), "go_live"),
    )
    found: list[Step] = []
    for done, words, more, name in ways:
        first = not done and all(step.kind == "ok" for step in found)
        kind = "ok" if done else "next" if first else "todo"
        found.append(Step(kind, words, more, _where(name, counted), words))
    return found


def _where(name: str, counted: Numbers) -> str:
    if name:
        return reverse(f"admin:{name}")
    return reverse("admin:vendors" if counted.vendors else "admin:vendor_add")
