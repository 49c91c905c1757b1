"""What pages do: each function calls one use case through `wiring`, the only way out of a page."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from longshore import settings, wiring
from longshore.ports.ledger.connections import StorefrontKeys
from longshore.ports.ledger.listings import Decided
from longshore.ports.storefronts import Location, Publication
from longshore.web.shared.doing import (
    Failed,
    attempt,
    change_vendor,
    different,
    doer_of,
    note,
    noted,
    put_on,
    tell,
    together,
)
from longshore.web.shared.tenancy import PageRequest

__all__ = [
    "Failed",
    "attempt",
    "change_vendor",
    "different",
    "doer_of",
    "noted",
    "put_on",
    "tell",
    "together",
]


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


def back(text: str, home: str) -> str:
    """Where they came from, if that is one of our own pages; else `home`."""
    parts = urlsplit(text)
    ours = not parts.netloc and not parts.scheme and text.startswith("/")
    return text if ours and not text.startswith("//") and "\\" not in text else home


def public_url() -> str | None:
    """Where the shops reach the hub, None in polling mode."""
    return settings.load().public_url
