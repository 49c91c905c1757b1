"""What pages do: each function calls one use case through `wiring`, the only way out of a page."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeVar

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpRequest

from longshore import settings, wiring
from longshore.domain.findings import Finding
from longshore.ports.errors import LongshoreError
from longshore.ports.ledger.connections import StorefrontKeys
from longshore.ports.ledger.listings import Decided
from longshore.ports.storefronts import Location, Publication

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


def put_on(
    form: BaseForm, result: object, beside: Callable[[Finding], str | None] | None = None
) -> bool:
    """Puts a failure beside the field that `beside` names for its cause, else on top of the form;
    returns whether there was one.
    """
    if not isinstance(result, Failed):
        return False
    field = beside(result.finding) if beside and result.finding else None
    form.add_error(field, result.words)
    return True


def connect_storefront(marketplace_id: int, keys: StorefrontKeys) -> int | Failed:
    return attempt(lambda: wiring.connect_storefront(marketplace_id, keys))


def connect_store(vendor_id: int, url: str, key: str, secret: str) -> int | Failed:
    return attempt(lambda: wiring.connect_store(vendor_id, url, key, secret))


def add_vendor(marketplace_id: int, name: str, email: str) -> int | Failed:
    return attempt(lambda: wiring.add_vendor(marketplace_id, name, email))


def change_vendor(vendor_id: int, **switches: str | bool | int | Decimal | None) -> object:
    return attempt(lambda: wiring.change_vendor(vendor_id, **switches))


def approve(marketplace_id: int, ids: Sequence[int], user_id: int) -> Decided | Failed:
    return attempt(lambda: wiring.approve_listings(marketplace_id, ids, user_id))


def decline(marketplace_id: int, ids: Sequence[int], user_id: int) -> Decided | Failed:
    return attempt(lambda: wiring.decline_listings(marketplace_id, ids, user_id))


def unpublish(marketplace_id: int, ids: Sequence[int], user_id: int) -> Decided | Failed:
    return attempt(lambda: wiring.unpublish_listings(marketplace_id, ids, user_id))


def go_live(marketplace_id: int) -> object:
    return attempt(lambda: wiring.go_live(marketplace_id))


def go_live_preview(marketplace_id: int) -> Any:
    return attempt(lambda: wiring.go_live_preview(marketplace_id))


def route_by_hand(marketplace_id: int, order_id: int) -> object:
    return attempt(lambda: wiring.route_by_hand(marketplace_id, order_id))


def change_marketplace(marketplace_id: int, **values: Any) -> object:
    return attempt(lambda: wiring.change_marketplace(marketplace_id, **values))


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
    marketplace_id: int, publication: tuple[str, str], layout: str, location_id: str
) -> object:
    return attempt(lambda: wiring.choose_places(marketplace_id, publication, layout, location_id))


def public_url() -> str | None:
    """Where the shops reach the hub, None in polling mode."""
    return settings.load().public_url
