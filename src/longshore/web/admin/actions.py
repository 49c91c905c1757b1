"""What pages do: each function calls one use case through `wiring`, the only way out of a page."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

from django.contrib import messages
from django.db import transaction
from django.forms import BaseForm
from django.http import HttpRequest

from longshore import settings, wiring
from longshore.domain.findings import Finding
from longshore.ports.errors import LongshoreError
from longshore.ports.ledger.connections import StorefrontKeys
from longshore.ports.ledger.listings import Decided
from longshore.ports.storefronts import Location, Publication
from longshore.web.shared.tenancy import PageRequest

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Failed:
    """A use case that did not happen, in words for the person who must act; `finding` is the
    cause as data, where it is known that well.
    """

    words: str
    finding: Finding | None = None


def attempt(call: Callable[[], Result]) -> Result | Failed:
    """The result, or why there is none; nothing was changed then."""
    try:
        return call()
    except LongshoreError as error:
        return Failed(error.person, error.finding)


def tell(request: HttpRequest, result: object, done: str) -> bool:
    """Says what happened on the next page; returns whether it did."""
    if isinstance(result, Failed):
        messages.error(request, result.words)
        return False
    messages.success(request, done)
    return True


def put_on(form: BaseForm, result: object) -> bool:
    """Puts a failure on top of the form; returns whether there was one."""
    if not isinstance(result, Failed):
        return False
    form.add_error(None, result.words)
    return True


def doer_of(request: PageRequest) -> wiring.Doer:
    return wiring.Doer(request.tenant.marketplace_id, request.user.pk, request.user.email)


def noted(request: PageRequest, call: Callable[[], Result], what: wiring.What) -> Result | Failed:
    """Does it and writes down who did it, both or neither. Not for what talks to a shop: a
    transaction must not wait for one (see `note`).
    """

    def act() -> Result:
        result = call()
        wiring.note_deed(doer_of(request), what)
        return result

    return together(act)


def together(call: Callable[[], Result]) -> Result | Failed:
    """All that it does, or nothing of it."""

    def act() -> Result:
        with transaction.atomic():
            return call()

    return attempt(act)


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


def connect_storefront(request: PageRequest, keys: StorefrontKeys) -> int | Failed:
    owner = request.tenant.marketplace_id
    made = attempt(lambda: wiring.connect_storefront(owner, keys))
    note(request, made, wiring.What("storefront_connected", "storefront", keys.shop_domain))
    return made


def add_vendor(request: PageRequest, name: str, email: str) -> int | Failed:
    owner = request.tenant.marketplace_id

    def act() -> int:
        made = wiring.add_vendor(owner, name, email)
        what = wiring.What("vendor_added", f"vendor:{made}", name, made)
        wiring.note_deed(doer_of(request), what)
        return made

    return together(act)


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


Verb = Callable[[int, Sequence[int], int], Decided]


def decide(
    request: PageRequest, verb: Verb, kind: str, ids: Sequence[int], about: str
) -> Decided | Failed:
    """Approves, declines or takes off listings; noted with the ones it was done to."""
    owner, user_id = request.tenant.marketplace_id, request.user.pk

    def act() -> Decided:
        result = verb(owner, ids, user_id)
        done = list(result.done)
        if done:
            subject = f"listing:{done[0]}" if len(done) == 1 else "listings"
            after = {"count": len(done), "ids": done[:1000]}
            wiring.note_deed(doer_of(request), wiring.What(kind, subject, about, after=after))
        return result

    return together(act)


def go_live(request: PageRequest) -> object:
    owner = request.tenant.marketplace_id
    what = wiring.What("went_live", f"marketplace:{owner}")
    return noted(request, lambda: wiring.go_live(owner), what)


def go_live_preview(marketplace_id: int) -> Any:
    return attempt(lambda: wiring.go_live_preview(marketplace_id))


def route_by_hand(request: PageRequest, order_id: int, name: str) -> object:
    owner = request.tenant.marketplace_id
    call = partial(wiring.route_by_hand, owner, order_id)
    return noted(request, call, wiring.What("order_sent", f"order:{order_id}", name))


def change_marketplace(
    request: PageRequest, before: Mapping[str, Any], after: Mapping[str, Any]
) -> object:
    owner = request.tenant.marketplace_id
    old, new = different(before, after)
    if not new:
        return None
    call = partial(wiring.change_marketplace, owner, **new)
    what = wiring.What("marketplace_changed", f"marketplace:{owner}", before=old, after=new)
    return noted(request, call, what)


def change_mail(request: PageRequest, url: str, sender: str) -> object:
    """The server's address holds its password: only the sender is noted."""
    owner = request.tenant.marketplace_id
    call = partial(wiring.change_marketplace, owner, mail_url=url, mail_from=sender)
    what = wiring.What("mail_changed", f"marketplace:{owner}", after={"mail_from": sender})
    return noted(request, call, what)


def test_mail(url: str, sender: str, to: str) -> object:
    return attempt(lambda: wiring.test_mail(url, sender, to))


@dataclass(frozen=True, slots=True)
class Places:
    """What the storefront offers: where to sell, and where stock may stand."""

    publications: tuple[Publication, ...]
    locations: tuple[Location, ...]


def read_places(marketplace_id: int) -> Places | Failed:
    """Asks Shopify; only ever because a person pressed a button."""

    def read() -> Places:
        with wiring.open_storefront(marketplace_id) as front:
            active = tuple(place for place in front.list_locations() if place.active)
            return Places(tuple(front.list_publications()), active)

    return attempt(read)


def choose_places(
    request: PageRequest, publication: tuple[str, str], layout: str, location_id: str
) -> object:
    owner = request.tenant.marketplace_id
    call = partial(wiring.choose_places, owner, publication, layout, location_id)
    after = {"publication": publication[1], "layout": layout}
    return noted(request, call, wiring.What("places_chosen", "storefront", after=after))


def public_url() -> str | None:
    """Where the shops reach the hub, None in polling mode."""
    return settings.load().public_url
