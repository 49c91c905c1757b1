"""Check stock: reads again what Shopify shows of lines that agree, as we believe, so that a number
that somebody else changed there is found, told and put right. Writing it is `push_stock`'s.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from longshore.ports.clock import Clock
from longshore.ports.ledger.stock import Belief, StockCheckLedger
from longshore.ports.storefronts import Storefront

AT_A_TIME = 1_000
"""Lines of one run: ten calls, a small part of what Shopify allows in a minute."""


@dataclass(slots=True)
class CheckReport:
    """`after`: the line to go on behind, 0 where the walk over all lines has ended."""

    checked: int = 0
    drifted: int = 0
    after: int = 0


def check_stock(
    storefront: Storefront,
    ledger: StockCheckLedger,
    clock: Clock,
    *,
    marketplace_id: int,
    after: int,
    catch_up: Callable[[], None],
    limit: int = AT_A_TIME,
) -> CheckReport:
    """Checks the next lines behind the line `after`. The levels are read before `catch_up` hears of
    the sales behind them, and lines that moved meanwhile are left to the next check: a sale is no
    drift. Raises TryLater.
    """
    beliefs = ledger.beliefs(marketplace_id, after, limit)
    if not beliefs:
        return CheckReport()
    shown = _levels(storefront, beliefs)
    catch_up()
    drifted = ledger.keep_checked(marketplace_id, beliefs, shown, clock.now())
    more = beliefs[-1].line_id if len(beliefs) == limit else 0
    return CheckReport(len(beliefs), drifted, more)


def _levels(storefront: Storefront, beliefs: Sequence[Belief]) -> Mapping[int, int | None]:
    """Available quantities by line."""
    by_location: defaultdict[str, dict[int, str]] = defaultdict(dict)
    for one in beliefs:
        by_location[one.location_id][one.line_id] = one.item_gid
    found: dict[int, int | None] = {}
    for location_id, gids in by_location.items():
        levels = storefront.read_stock(list(gids.values()), location_id)
        found |= {line_id: levels.get(gid) for line_id, gid in gids.items()}
    return found
