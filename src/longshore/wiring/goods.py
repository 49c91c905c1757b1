"""What people decide of goods: values of their own, links, rules, held changes, runs taken back."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import nh3

from longshore.ports.ledger.listings import Decided
from longshore.storage.repositories import (
    brakes,
    joining,
    links,
    own_values,
    rule_edits,
    runs,
    stock_limits,
)
from longshore.storage.repositories.listings import Listings
from longshore.sync import explain_listing as _explain
from longshore.sync import preview_rules as _preview
from longshore.wiring.shops import clock

Explained = _explain.Explained
FieldToday = _explain.FieldToday
Gate = _explain.Gate
RulesPreview = _preview.RulesPreview
RuleKind = rule_edits.RuleKind

save_rule = rule_edits.save_rule
remove_rule = rule_edits.remove_rule
move_rule = rule_edits.move_rule
save_policy = rule_edits.save_policy
refuse_link = links.refuse_link
ask_unlink = links.ask_unlink


def explain_listing(marketplace_id: int, listing_id: int) -> Explained | None:
    """See `sync.explain_listing`; None for another marketplace's."""
    return _explain.explain_listing(
        Listings(), clock, marketplace_id=marketplace_id, listing_id=listing_id
    )


def edit_listing(
    marketplace_id: int,
    listing_id: int,
    product: Mapping[str, Any],
    variants: Mapping[int, Mapping[str, Any]],
) -> None:
    """Values of the marketplace's own; HTML is cleaned. Raises Rejected."""
    texts = dict(product)
    if "description" in texts:
        texts["description"] = nh3.clean(str(texts["description"]))
    own_values.edit_listing(marketplace_id, listing_id, texts, variants)


def take_vendors_value(marketplace_id: int, listing_id: int, names: Sequence[str]) -> None:
    own_values.take_vendors_value(marketplace_id, listing_id, names, clock.now())


def bring_back_variant(marketplace_id: int, line_id: int) -> None:
    own_values.bring_back_variant(marketplace_id, line_id, clock.now())


def decide_held_prices(marketplace_id: int, listing_ids: Sequence[int], *, accept: bool) -> int:
    return own_values.decide_held_prices(marketplace_id, listing_ids, accept=accept)


def ask_link(marketplace_id: int, listing_id: int, gid: str, user_id: int | None) -> None:
    links.ask_link(marketplace_id, listing_id, gid, user_id, clock.now())


def link_listings(marketplace_id: int, listing_ids: Sequence[int], user_id: int | None) -> Decided:
    """Links those that have a proposal to it; `waiting` are the others."""
    done, waiting = links.link_as_proposed(marketplace_id, listing_ids, user_id, clock.now())
    return Decided(tuple(done), tuple(waiting))


def join_listing(marketplace_id: int, listing_id: int, into_id: int) -> int:
    """See `storage.repositories.joining`; the same for the two below."""
    return joining.join_listing(marketplace_id, listing_id, into_id, clock.now())


def leave_listing(marketplace_id: int, listing_id: int) -> None:
    joining.leave_listing(marketplace_id, listing_id, clock.now())


def change_source(marketplace_id: int, source_id: int, priority: int, cost: Decimal | None) -> None:
    joining.change_source(marketplace_id, source_id, priority, cost, clock.now())


def limit_line(
    marketplace_id: int, line_id: int, cap: int | None, own_buffer: int | None, who: str
) -> None:
    """See `storage.repositories.stock_limits`."""
    stock_limits.limit_line(marketplace_id, line_id, cap, own_buffer, who=who, at=clock.now())


def undo_run(marketplace_id: int, run_id: int, user_id: int | None) -> int:
    return runs.undo_run(marketplace_id, run_id, user_id, clock.now())


def apply_brake(marketplace_id: int, brake_id: int, user_id: int | None) -> int:
    return brakes.apply_brake(marketplace_id, brake_id, clock.now(), user_id)


def ignore_brake(marketplace_id: int, brake_id: int, user_id: int | None) -> int:
    return brakes.ignore_brake(marketplace_id, brake_id, clock.now(), user_id)


def preview_rule(
    marketplace_id: int, kind: RuleKind, rule_id: int | None, values: Mapping[str, Any]
) -> RulesPreview:
    """What the rule would do if it were saved. Raises Rejected."""
    then = rule_edits.proposed_rule(marketplace_id, kind, rule_id, values)
    return _previewed(marketplace_id, then)


def preview_policy(
    marketplace_id: int, vendor_id: int | None, values: Mapping[str, Any]
) -> RulesPreview:
    """Raises Rejected."""
    return _previewed(marketplace_id, rule_edits.proposed_policy(marketplace_id, vendor_id, values))


def _previewed(marketplace_id: int, then: rule_edits.Proposed) -> RulesPreview:
    return _preview.preview_rules(
        Listings(),
        clock,
        marketplace_id=marketplace_id,
        rules=then.rules,
        policies=then.policies,
    )
