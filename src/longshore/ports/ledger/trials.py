"""What is remembered of trial orders."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from longshore.domain.orders import PutBack, StoreOrder, StoreOrderDraft
from longshore.domain.placing import Search
from longshore.domain.trial import Goods, TrialOutcome, TrialState


@dataclass(frozen=True, slots=True)
class Trial:
    """`search`: how looking for it has gone. `order_id`: the store's order, once known. `reduced`:
    it took its unit out of the store's stock; `restocks`: the store puts it back by itself.
    `put_back`: where putting it back by hand stands, `counted` what the store counted before that.
    """

    trial_id: int
    state: TrialState
    reference: str
    asked_at: datetime
    sent_at: datetime | None
    search: Search
    goods: Goods | None
    order_id: int | None
    reduced: bool
    restocks: bool
    put_back: PutBack = PutBack.NONE
    counted: int | None = None


class TrialLedger(Protocol):
    """The trial orders of one store. Each call commits on its own; a call that does not fit the
    trial's state any more changes nothing.
    """

    def due(self, at: datetime) -> Trial | None:
        """The one to work on now. One that could not even be sent for long ends here."""
        ...

    def goods(self, trial_id: int) -> Goods | None:
        """The cheapest thing in stock, None where there is none."""
        ...

    def begin(self, trial_id: int, goods: Goods, at: datetime) -> StoreOrderDraft | None:
        """Puts SENDING and the exact draft on disk; None when somebody did so before."""
        ...

    def again(self, trial_id: int, why: str, at: datetime, again_at: datetime) -> None:
        """Surely not sent; it is asked for again."""
        ...

    def uncertain(self, trial_id: int, at: datetime) -> None: ...

    def looked_up(
        self, trial_id: int, at: datetime, again_at: datetime, *, half_made: bool
    ) -> None: ...

    def placed(self, trial_id: int, order: StoreOrder, at: datetime, *, found: bool) -> None:
        """It is in the store: notes how it stands there. Safe to repeat."""
        ...

    def step(self, trial_id: int, what: str, at: datetime, **more: str | int) -> None:
        """Something that a person may like to read, once."""
        ...

    def put_back_begins(self, trial_id: int, counted: int) -> None:
        """On disk before the store's number is written: what it was."""
        ...

    def put_back_ends(self, trial_id: int, state: PutBack) -> None: ...

    def watch(self, trial_id: int, at: datetime) -> None:
        """It is not there; it is looked for a few times more, or that was often enough."""
        ...

    def away(self, trial_id: int, at: datetime) -> None:
        """Nothing of it is in the store any more."""
        ...

    def ended(self, trial_id: int, outcome: TrialOutcome, at: datetime, why: str = "") -> None: ...
