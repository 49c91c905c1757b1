"""What is true about who decides a field: the vendor, the marketplace, or whoever touched it last.

Three values meet: what the vendor's goods would say now, what we wrote last, and what Shopify shows
now. An edit that a person made on Shopify or in the hub is kept as the listing's own value.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from longshore.domain.listing import Field, Said, Value, Values, same


class Owner(StrEnum):
    """VENDOR: the vendor's value always; an edit is put back. UNTIL_EDITED: the vendor's value
    until somebody edits it, then that edit stays. FIRST_IMPORT: written once, then left alone.
    MARKETPLACE: never written.
    """

    VENDOR = "vendor"
    UNTIL_EDITED = "until_edited"
    FIRST_IMPORT = "first_import"
    MARKETPLACE = "marketplace"


class By(StrEnum):
    """Whose own value it is."""

    HUB = "hub"
    SHOPIFY = "shopify"
    UNDO = "undo"


@dataclass(frozen=True, slots=True)
class OwnValue:
    """A field's value that is not the vendor's. By UNDO it holds only while the vendor's goods
    still say `undone`: what was taken back is not done again, what is new is.
    """

    value: Value
    by: By
    undone: Value = None


Own = Mapping[str, OwnValue]
Owners = Mapping[str, Owner]


@dataclass(frozen=True, slots=True)
class OwnValues:
    """A listing's own values: of the product, and of its variants by key."""

    product: Own = field(default_factory=dict[str, OwnValue])
    variants: Mapping[int, Own] = field(default_factory=dict[int, Own])


LINKED_BY_VENDOR = frozenset({Field.PRICE, Field.COMPARE_AT})
"""What a product that was on Shopify before us takes from the vendor where nobody says else."""


def owner_of(name: str, owners: Owners, *, linked: bool) -> Owner:
    """Who decides a field. Lists of a linked product are never replaced, so nobody but the
    marketplace decides them.
    """
    if linked and name in {Field.IMAGES, Field.OPTION_NAMES, Field.OPTIONS, Field.IMAGE}:
        return Owner.MARKETPLACE
    if linked and name not in LINKED_BY_VENDOR:
        return owners.get(f"linked.{name}", Owner.MARKETPLACE)
    return owners.get(name, Owner.UNTIL_EDITED)


def decide(
    vendors: Said, known: Said, own: OwnValues, owners: Owners, *, exists: bool, linked: bool
) -> Said:
    """What a listing shall say. `exists`: it is on Shopify already."""

    def fields(values: Values, there: Values | None, mine: Own) -> dict[str, Value]:
        return {
            name: _decide(name, value, there, mine.get(name), owner_of(name, owners, linked=linked))
            for name, value in values.items()
        }

    return Said(
        fields(vendors.product, known.product if exists else None, own.product),
        {
            key: fields(one, known.variants.get(key), own.variants.get(key, {}))
            for key, one in vendors.variants.items()
        },
    )


def _decide(
    name: str, vendors: Value, there: Values | None, own: OwnValue | None, owner: Owner
) -> Value:
    if own is not None and holds(own, name, vendors):
        return own.value
    if owner in {Owner.FIRST_IMPORT, Owner.MARKETPLACE} and there is not None:
        return there.get(name, vendors)
    return vendors


def holds(own: OwnValue, name: str, vendors: Value) -> bool:
    """Whether an own value still applies."""
    return own.by is not By.UNDO or same(name, own.undone, vendors)


ORDINARY: Mapping[str, Value] = {Field.ON_SALE: True, Field.STATUS: "ACTIVE"}
"""What a listing that is on says; an edit to it needs no keeping."""


@dataclass(frozen=True, slots=True)
class Edits:
    """What a comparison with Shopify found. `known` is what stands there now, `own` the listing's
    own values after it. `kept` and `put_back` name the fields; a field of a variant has its key.
    """

    known: Said
    own: OwnValues
    kept: tuple[tuple[int, str], ...] = ()
    put_back: tuple[tuple[int, str], ...] = ()


PRODUCT = 0
"""In place of a variant's key."""


def find_edits(shown: Said, known: Said, own: OwnValues, owners: Owners, *, linked: bool) -> Edits:
    """Compares what Shopify shows with what we wrote last. Fields that were never written are
    taken over as they are.
    """
    look = _Look(owners, linked)
    product, mine = look.at(PRODUCT, shown.product, known.product, own.product)
    variants: dict[int, Values] = {**known.variants}
    owns: dict[int, Own] = {**own.variants}
    for key, now in shown.variants.items():
        was, mine_of = known.variants.get(key, {}), own.variants.get(key, {})
        variants[key], owns[key] = look.at(key, now, was, mine_of)
    return Edits(
        Said(product, variants),
        OwnValues(mine, {key: one for key, one in owns.items() if one}),
        tuple(look.kept),
        tuple(look.put_back),
    )


@dataclass(slots=True)
class _Look:
    """Goes over a product and its variants, and gathers what became of each edit."""

    owners: Owners
    linked: bool
    kept: list[tuple[int, str]] = field(default_factory=list[tuple[int, str]])
    put_back: list[tuple[int, str]] = field(default_factory=list[tuple[int, str]])

    def at(self, key: int, now: Values, was: Values, mine: Own) -> tuple[Values, Own]:
        """What is known from here on, and the own values."""
        found = dict(mine)
        for name, value in now.items():
            if name not in was or same(name, value, was[name]):
                continue
            if value == ORDINARY.get(name):
                found.pop(name, None)  # whoever took it off has put it on again
                continue
            owner = owner_of(name, self.owners, linked=self.linked)
            # what the marketplace said in the hub moves with the edit, whoever owns the field
            if owner is Owner.UNTIL_EDITED or name in found:
                found[name] = OwnValue(value, By.SHOPIFY)
                self.kept.append((key, name))
            elif owner is Owner.VENDOR:
                self.put_back.append((key, name))
        return {**was, **now}, found
