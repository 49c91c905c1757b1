"""What is true about undoing: what a listing said before a run, and what must be held so that the
same is not done again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from longshore.domain.listing import Field, Said, Step, Value, Values
from longshore.domain.ownership import By, Own, OwnValue

LINK, UNLINK = "link", "unlink"
"""Steps that write nothing on Shopify, but are undone as all others."""
NOT_RESTORED = frozenset({Field.ON_SALE, Field.OPTION_NAMES})
"""ON_SALE has a way of its own; names of options come with their values."""


@dataclass(frozen=True, slots=True)
class Done:
    """One step that a run did to a listing. `after` names only what was written; for tags those
    that were added or removed.
    """

    step: str
    before: Said
    after: Said


@dataclass(frozen=True, slots=True)
class Undoing:
    """What brings one listing back. `own` and `variants` are values to be held; `take_off` and
    `put_on` say what becomes of its sale, `unlink` and `link_to` of its product.
    """

    own: Own = field(default_factory=dict[str, OwnValue])
    variants: Mapping[int, Own] = field(default_factory=dict[int, Own])
    take_off: bool = False
    put_on: bool = False
    unlink: bool = False
    link_to: str = ""


def undo(steps: Sequence[Done]) -> Undoing:
    """Of one listing, in the order in which they were done."""
    made = any(one.step == Step.SET and not one.before.product for one in steps)
    sale = [one.step for one in steps if one.step in {Step.PUBLISH, Step.UNPUBLISH}]
    links = [one for one in steps if one.step in {LINK, UNLINK}]
    if made:  # it was not there before: it goes off sale, and stays as it is
        return Undoing(take_off=True)
    product: dict[str, OwnValue] = {}
    variants: dict[int, dict[str, OwnValue]] = {}
    for one in steps:
        if one.step in {LINK, UNLINK}:
            continue
        _hold(product, one.step, one.before.product, one.after.product)
        for key, after in one.after.variants.items():
            if key in one.before.variants:  # a new variant has nothing to go back to
                _hold(variants.setdefault(key, {}), one.step, one.before.variants[key], after)
    return Undoing(
        own=_changed(product),
        variants={key: held for key, one in variants.items() if (held := _changed(one))},
        take_off=bool(sale) and sale[0] == sale[-1] == Step.PUBLISH,
        put_on=bool(sale) and sale[0] == sale[-1] == Step.UNPUBLISH,
        unlink=bool(links) and links[-1].step == LINK,
        link_to=str(links[0].before.product["product_gid"])
        if links and links[0].step == UNLINK
        else "",
    )


def _hold(held: dict[str, OwnValue], step: str, before: Values, after: Values) -> None:
    """The oldest value before, and the newest after."""
    for name, value in after.items():
        if name in NOT_RESTORED or name not in before:
            continue
        earlier = held.get(name)
        oldest = earlier.value if earlier else before[name]
        now = earlier.undone if earlier else before[name]
        held[name] = OwnValue(oldest, By.UNDO, _after(step, name, now, value))


def _after(step: str, name: str, before: Value, written: Value) -> Value:
    if name == Field.TAGS and step in {Step.TAGS_ADD, Step.TAGS_REMOVE}:
        there: list[str] = before or []
        if step == Step.TAGS_ADD:
            return sorted({*there, *written})
        gone = {tag.casefold() for tag in written}
        return [tag for tag in there if tag.casefold() not in gone]
    if name == Field.METAFIELDS:
        fields: dict[str, Value] = before or {}
        return {**fields, **written}
    return written


def _changed(held: Mapping[str, OwnValue]) -> dict[str, OwnValue]:
    return {name: one for name, one in held.items() if one.value != one.undone}
