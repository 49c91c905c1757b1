"""What runs by the clock. Every tick only asks for work; the jobs themselves are in `jobs.py`."""

from longshore import settings, wiring
from longshore.storage import due_work
from longshore.storage.repositories import manners, shop_health
from longshore.storage.repositories.buyers import erase_closed
from longshore.storage.repositories.deadlines import check_deadlines
from longshore.storage.repositories.history import forget_old_history
from longshore.storage.repositories.inbox import forget_old_deliveries
from longshore.storage.repositories.rates import check_rates
from longshore.storage.repositories.tallies import fold_tallies
from longshore.storage.repositories.vendor_figures import measure_vendors
from longshore.storage.repositories.vendors import follow_holidays
from longshore.worker.task import every, job


@every("* * * * * */5")
@job("ask_for_polls")
def ask_for_polls(timestamp: int) -> None:  # noqa: ARG001 - the tick's own time, not needed
    due_work.ask_for_polls(settings.load(), wiring.clock.now())


@every("* * * * * */20")
@job("ask_for_leftovers")
def ask_for_leftovers(timestamp: int) -> None:  # noqa: ARG001
    due_work.ask_for_leftovers(wiring.clock.now())


@every("17 3 * * *")
@job("forget_old_deliveries")
def forget_deliveries(timestamp: int) -> None:  # noqa: ARG001
    forget_old_deliveries()
    manners.forget_old_load(wiring.clock.now())


@every("41 3 * * *")
@job("forget_old_history")
def forget_history(timestamp: int) -> None:  # noqa: ARG001
    forget_old_history(wiring.clock.now())


@every("* * * * *")
@job("withhold_silent_stores")
def withhold_silent_stores(timestamp: int) -> None:  # noqa: ARG001
    shop_health.withhold_silent_stores(wiring.clock.now())


@every("*/5 * * * *")
@job("follow_holidays")
def follow_vendors_holidays(timestamp: int) -> None:  # noqa: ARG001
    follow_holidays(wiring.clock.now())


@every("41 2 * * *")
@job("erase_buyers")
def erase_buyers(timestamp: int) -> None:  # noqa: ARG001
    erase_closed(wiring.clock.now())


@every("13 * * * *")
@job("check_rates")
def check_what_prices_cross_by(timestamp: int) -> None:  # noqa: ARG001
    check_rates(wiring.clock.now())


@every("7 * * * *")
@job("check_deadlines")
def check_what_is_late(timestamp: int) -> None:  # noqa: ARG001
    check_deadlines(wiring.clock.now())
    measure_vendors(wiring.clock.now())


@every("12 * * * *")
@job("send_letters")
def send_letters(timestamp: int) -> None:  # noqa: ARG001
    wiring.send_letters()


@every("*/2 * * * *")
@job("send_recovery_letters")
def send_recovery_letters(timestamp: int) -> None:  # noqa: ARG001
    wiring.send_recovery_letters()


@every("* * * * *")
@job("fold_tallies")
def fold_counts(timestamp: int) -> None:  # noqa: ARG001
    fold_tallies()
