"""How pages do something: one use case through `wiring`, its failure in words, and who did it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from django.contrib import messages
from django.db import transaction
from django.forms import BaseForm

from longshore import wiring
from longshore.ports.errors import LongshoreError
from longshore.web.shared.said import said
from longshore.web.shared.tenancy import PageRequest

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Failed:
    """A use case that did not happen, in words for the person who must act."""

    words: str


def attempt(call: Callable[[], Result]) -> Result | Failed:
    """The result, or why there is none; nothing was changed then."""
    try:
        return call()
    except LongshoreError as error:
        return Failed(said(error.person))


def tell(request: PageRequest, result: object, done: str, *, undo: bool = False) -> bool:
    """Says what happened on the next page, with a way back where there is one; returns whether it
    did.
    """
    if isinstance(result, Failed):
        messages.error(request, result.words)
        return False
    deed_id = getattr(request, "deed_id", None) if undo else None
    messages.success(request, done, extra_tags=f"undo-{deed_id}" if deed_id else "")
    return True


def put_on(form: BaseForm, result: object) -> bool:
    """Puts a failure on top of the form; returns whether there was one."""
    if not isinstance(result, Failed):
        return False
    form.add_error(None, result.words)
    return True


def doer_of(request: PageRequest) -> wiring.Doer:
    return wiring.Doer(request.tenant.marketplace_id, request.user.pk, request.user.email)


def together(call: Callable[[], Result]) -> Result | Failed:
    """All that it does, or nothing of it."""

    def act() -> Result:
        with transaction.atomic():
            return call()

    return attempt(act)


def noted(request: PageRequest, call: Callable[[], Result], what: wiring.What) -> Result | Failed:
    """Does it and writes down who did it, both or neither. Not for what talks to a shop: a
    transaction must not wait for one (see `note`).
    """

    def act() -> Result:
        result = call()
        request.deed_id = wiring.note_deed(doer_of(request), what)
        return result

    return together(act)


def note(request: PageRequest, result: object, what: wiring.What) -> None:
    """Writes down what was done already, unless it failed."""
    if not isinstance(result, Failed):
        wiring.note_deed(doer_of(request), what)


def different(
    before: Mapping[str, Any], after: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """What of `after` is new, and what was there before."""
    names = [name for name, value in after.items() if before.get(name) != value]
    return {name: before.get(name) for name in names}, {name: after[name] for name in names}


def change_vendor(
    request: PageRequest,
    vendor_id: int,
    about: str,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
) -> object:
    """Sets what differs; nothing is done, and nothing noted, where nothing does."""
    old, new = different(before, after)
    if not new:
        return None
    what = wiring.What("vendor_changed", f"vendor:{vendor_id}", about, vendor_id, old, new)
    return noted(request, lambda: wiring.change_vendor(vendor_id, **new), what)
