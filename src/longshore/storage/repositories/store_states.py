"""How a store is, as columns: its profile, its state, what the doctor saw. For the repositories;
every function works in its caller's transaction.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from longshore.domain.findings import Finding, Severity
from longshore.ports.stores import AddressForm, ConnectionProfile, Signing
from longshore.storage import work
from longshore.storage.models import OpenFinding, Store, StoreState
from longshore.storage.repositories import outages
from longshore.storage.repositories.findings import note_finding
from longshore.storage.repositories.listings import review_everything
from longshore.storage.repositories.stock import redecide_vendor

_PRICED_BY = ("currency", "prices_include_tax", "weight_unit")


def renew(store: Store, profile: ConnectionProfile, notes: Sequence[Finding], at: datetime) -> None:
    """Keeps the profile and address of a store that is well, takes it into use again where nobody
    paused or holds it, and asks for the work that waited.
    """
    priced_by = [getattr(store, name) for name in _PRICED_BY]
    for name, value in profile_columns(profile).items():
        setattr(store, name, value)
    store.currency = store.currency or store.stated_currency
    store.base_url = profile.base_url
    store.last_answer_at = store.examined_at = at
    back = store.state in (StoreState.BROKEN, StoreState.DEGRADED)
    store.save()
    if back:
        move(store, StoreState.CONNECTED, at)
        work.place_purchase_orders(store.pk)
        work.heal_store(store.pk)
        work.poll_store(store.pk)
    outages.end(store, at)
    if priced_by != [getattr(store, name) for name in _PRICED_BY]:
        review_everything(Store.objects.filter(pk=store.pk))
    if store.withheld:
        withhold(store, withheld=False, at=at)
    keep_notes(store, notes, at)


def move(store: Store, state: StoreState, at: datetime) -> None:
    """Into another state, with the time since when."""
    if store.state == state:
        return
    store.state = state
    store.state_since = at
    store.save(update_fields=["state", "state_since"])


def withhold(store: Store, *, withheld: bool, at: datetime) -> None:
    """Shows the store's stock as zero, or as it is; its lines are decided anew."""
    store.withheld = withheld
    store.save(update_fields=["withheld"])
    redecide_vendor(store.marketplace_id, store.vendor_id, at)


def keep_notes(store: Store, notes: Sequence[Finding], at: datetime) -> None:
    """What the doctor saw becomes the store's only findings: warnings and worse are open problems,
    the rest is told on its page. Dead webhooks are not the doctor's, they stay.
    """
    store.notes = [{"code": one.code, "evidence": dict(one.evidence)} for one in notes]
    store.save(update_fields=["notes"])
    open_now = [one for one in notes if one.kind.severity is not Severity.NOTE]
    if not store.currency:
        open_now.append(Finding("price_currency_unknown", {"vendor": store.vendor.name}))
    rows = OpenFinding.objects.filter(
        marketplace_id=store.marketplace_id, subject=store_subject(store), resolved_at=None
    )
    rows.exclude(code__in=["webhooks_dead", *(one.code for one in open_now)]).update(resolved_at=at)
    for one in open_now:
        note_finding(store.marketplace_id, store_subject(store), one, at, vendor_id=store.vendor_id)


def store_subject(store: Store) -> str:
    return f"store:{store.pk}"


def profile_columns(profile: ConnectionProfile) -> dict[str, Any]:
    """The columns of `Store` that repeat the profile, and the profile itself."""
    return {
        "name": profile.name,
        "currency": profile.currency,
        "prices_include_tax": profile.prices_include_tax,
        "weight_unit": profile.weight_unit,
        "stock_managed": profile.stock_managed,
        "profile": asdict(profile),
    }


def profile_of(store: Store) -> ConnectionProfile | None:
    """The profile as it was learned, None before the first time."""
    return profile_from(store.profile) if store.profile else None


def profile_from(kept: Mapping[str, Any]) -> ConnectionProfile:
    """The profile from its JSON."""
    return ConnectionProfile(
        **{
            **kept,
            "signing": Signing(kept["signing"]),
            "form": AddressForm(kept["form"]),
            **{name: tuple(kept[name]) for name in ("namespaces", "languages", "limits")},
        }
    )
