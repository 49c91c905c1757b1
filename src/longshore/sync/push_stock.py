"""Push stock: writes to Shopify the lines that differ, by compare-and-set, each batch remembered
before it is sent. Unchanged stock costs no call.

A stale answer means that Shopify shows something we did not write, nearly always a sale we have
not heard of. Then the levels are read, the orders are pulled (a sale before the reading is in
them), and only then the number is decided anew: a sale after the reading makes the next write stale
again.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from longshore.ports.clock import Clock
from longshore.ports.errors import Bug, NeedsVendor, Rejected
from longshore.ports.ledger.stock import Intent, StockLedger, StockLine
from longshore.ports.storefronts import StockWrite, Storefront, VariantSwitch

BATCH = 250
"""Rows a call may have (shopify.dev/docs/api/usage/limits: input arrays)."""
ROUNDS = 3
"""How often stale lines are read and written again before they wait for the next run."""
SLICE_S = 5.0


@dataclass(slots=True)
class PushReport:
    """What a run did. `left`: some lines still differ."""

    written: int = 0
    switched: int = 0
    stale: int = 0
    refused: int = 0
    left: bool = False


def push_stock(
    storefront: Storefront,
    ledger: StockLedger,
    clock: Clock,
    *,
    marketplace_id: int,
    catch_up: Callable[[], None],
    budget_s: float = SLICE_S,
) -> PushReport:
    """Writes until nothing differs or the time is used up. `catch_up` pulls the orders changed on
    Shopify since the last cursor, and returns when their sales are counted. Raises TryLater; a
    batch without an answer goes out again under the same key.
    """
    run = _Run(storefront, ledger, clock, marketplace_id, catch_up)
    until = clock.monotonic() + budget_s
    for intent in ledger.open_intents(marketplace_id):
        run.send(intent)
    run.settle_stale()
    while True:
        lines = ledger.due_lines(marketplace_id, BATCH, run.given_up)
        if not lines:
            break
        run.push(lines)
        run.settle_stale()
        if clock.monotonic() >= until:
            run.report.left = True
            break
    run.report.left = run.report.left or bool(run.given_up)
    return run.report


@dataclass(slots=True)
class _Run:
    storefront: Storefront
    ledger: StockLedger
    clock: Clock
    marketplace_id: int
    catch_up: Callable[[], None]
    report: PushReport = field(default_factory=PushReport)
    stale: dict[int, StockWrite] = field(default_factory=dict[int, StockWrite])
    """Lines of the latest writes that Shopify found stale."""
    tries: defaultdict[int, int] = field(default_factory=lambda: defaultdict[int, int](int))

    @property
    def given_up(self) -> list[int]:
        """Lines that stayed stale; they wait for the next run."""
        return [line_id for line_id, count in self.tries.items() if count >= ROUNDS]

    def push(self, lines: Sequence[StockLine]) -> None:
        """Places, reads, writes and switches, in this order: a quantity stands before it counts."""
        fresh = [one for one in lines if not one.stocked]
        self._activate(fresh)
        unknown = [one for one in lines if one.stocked and one.known_quantity is None]
        self._read(
            {one.line_id: (one.item_gid, one.location_id) for one in unknown if one.wanted_tracked}
        )
        moved = {one.line_id for one in (*fresh, *unknown) if one.wanted_tracked}
        ready = [one for one in lines if one.line_id not in moved]
        self._write([one for one in ready if _quantity_differs(one)])
        held = self.stale.keys()
        self._switch([one for one in ready if one.line_id not in held and _switch_differs(one)])

    def settle_stale(self) -> None:
        """Reads what Shopify shows where a write was stale."""
        stale, self.stale = self.stale, {}
        for line_id in stale:
            self.tries[line_id] += 1
        self._read(
            {line_id: (one.inventory_item_id, one.location_id) for line_id, one in stale.items()}
        )

    def send(self, intent: Intent) -> None:
        """Sends a remembered batch and keeps what became of it."""
        try:
            report = self.storefront.write_stock(intent.key, intent.writes)
        except (Rejected, Bug, NeedsVendor) as error:
            # Nothing was done, and the same batch would be refused for ever: read and decide anew.
            everything = range(len(intent.writes))
            self.ledger.settle(intent, (), everything, {}, self.clock.now())
            self._note_stale(intent, everything)
            self.report.refused += 1
            if any(self.tries[line_id] for line_id in intent.line_ids):
                self.ledger.keep_refused(intent.line_ids, error.person, self.clock.now())
                self.stale.clear()
            return
        self.ledger.settle(intent, report.written, report.stale, report.refused, self.clock.now())
        self._note_stale(intent, report.stale)
        self.report.written += len(report.written)
        self.report.stale += len(report.stale)
        self.report.refused += len(report.refused)

    def _note_stale(self, intent: Intent, indexes: Sequence[int]) -> None:
        for index in indexes:
            self.stale[intent.line_ids[index]] = intent.writes[index]

    def _write(self, lines: Sequence[StockLine]) -> None:
        rows = [
            (
                one.line_id,
                StockWrite(
                    one.item_gid, one.location_id, one.wanted_quantity or 0, one.known_quantity
                ),
            )
            for one in lines
        ]
        if rows:
            self.send(self.ledger.keep_intent(self.marketplace_id, rows, self.clock.now()))

    def _activate(self, lines: Sequence[StockLine]) -> None:
        by_location: defaultdict[str, list[StockLine]] = defaultdict(list)
        for one in lines:
            by_location[one.location_id].append(one)
        for location_id, some in by_location.items():
            ids = [one.line_id for one in some]
            try:
                self.storefront.activate_stock([one.item_gid for one in some], location_id)
            except (Rejected, Bug) as error:
                self.ledger.keep_refused(ids, error.person, self.clock.now())
                self.report.refused += len(ids)
                continue
            self.ledger.keep_stocked(ids, location_id, self.clock.now())

    def _read(self, items: Mapping[int, tuple[str, str]]) -> None:
        """Reads the levels, then hears of the sales behind them; in this order, see above."""
        if not items:
            return
        shown = self._levels(items)
        self.catch_up()
        self.ledger.keep_read(shown, self.clock.now())

    def _levels(self, items: Mapping[int, tuple[str, str]]) -> dict[int, int | None]:
        """Available quantities by line."""
        by_location: defaultdict[str, dict[int, str]] = defaultdict(dict)
        for line_id, (item_gid, location_id) in items.items():
            by_location[location_id][line_id] = item_gid
        found: dict[int, int | None] = {}
        for location_id, gids in by_location.items():
            levels = self.storefront.read_stock(list(gids.values()), location_id)
            found |= {line_id: levels.get(gid) for line_id, gid in gids.items()}
        return found

    def _switch(self, lines: Sequence[StockLine]) -> None:
        if not lines:
            return
        refused = self.storefront.switch_tracking(
            [
                VariantSwitch(
                    one.product_gid, one.variant_gid, one.wanted_tracked, one.wanted_oversell
                )
                for one in lines
            ]
        )
        self.ledger.keep_switched(lines, refused, self.clock.now())
        self.report.switched += len(lines) - len(refused)
        self.report.refused += len(refused)


def _quantity_differs(one: StockLine) -> bool:
    return one.wanted_tracked and one.wanted_quantity != one.known_quantity


def _switch_differs(one: StockLine) -> bool:
    return (one.wanted_tracked, one.wanted_oversell) != (one.known_tracked, one.known_oversell)
