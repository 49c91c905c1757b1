"""Hosts as simple models: so many processes, so long a page, and what the pace makes of them."""

from longshore.domain.pacing import (
    HARD_S,
    LOOK_AGAIN_AFTER,
    MOST_AT_A_TIME,
    SMALLEST_PAGE,
    Pace,
    PaceState,
)


def host(pace: Pace, processes: int, page_s: float, pages: int) -> None:
    """Pages of a host that works on as many at a time as it has processes."""
    for _ in range(pages):
        together = pace.at_a_time
        pace.answered(page_s * max(1.0, together / processes), together, pace.page_size)


def test_a_strong_host_is_asked_for_four_pages_at_a_time_soon():
    pace = Pace()
    assert pace.at_a_time == 1
    host(pace, processes=8, page_s=0.2, pages=1)
    assert pace.at_a_time == 2
    host(pace, processes=8, page_s=0.2, pages=2)
    assert pace.at_a_time == MOST_AT_A_TIME
    host(pace, processes=8, page_s=0.2, pages=500)
    assert pace.at_a_time == MOST_AT_A_TIME


def test_company_that_does_not_pay_ends():
    for processes in (1, 2, 3):
        pace = Pace()
        most = 0
        for _ in range(300):
            host(pace, processes, 0.5, 1)
            most = max(most, pace.at_a_time)
        assert most == min(4, 2 * processes), "tried, then left"
        levels = []
        for _ in range(LOOK_AGAIN_AFTER - 1):
            host(pace, processes, 0.5, 1)
            levels.append(pace.at_a_time)
        assert sorted(levels)[len(levels) // 2] == processes


def test_noise_of_a_fifth_does_not_hold_back_a_strong_host():
    pace = Pace()
    for number in range(200):
        pace.answered(0.2 * (1.0, 1.2, 1.1, 1.15)[number % 4], pace.at_a_time)
    assert pace.at_a_time == MOST_AT_A_TIME


def test_a_host_that_turns_us_away_is_asked_alone_at_once_and_more_only_slowly():
    pace = Pace()
    host(pace, 8, 0.2, 20)
    pace.turned_away()
    assert (pace.at_a_time, pace.page_size) == (1, 100)
    host(pace, 8, 0.2, 10)
    assert pace.at_a_time == 3, "not yet what it had when it was turned away"
    host(pace, 8, 0.2, 2 * LOOK_AGAIN_AFTER)
    assert pace.at_a_time == 4


def test_pages_shrink_on_errors_and_stay_below_what_broke():
    pace = Pace()
    pace.broke()
    assert (pace.page_size, pace.at_a_time) == (50, 1)
    pace.broke()
    assert pace.page_size == 25
    host(pace, 1, 0.2, 20)
    assert pace.page_size == 49, "it grew back, but not to what broke"
    for _ in range(10):
        pace.broke()
    assert pace.page_size == SMALLEST_PAGE


def test_pages_grow_back_to_the_full_size_in_time():
    pace = Pace()
    pace.broke()
    host(pace, 4, 0.2, 6 * LOOK_AGAIN_AFTER)
    assert pace.page_size == 100


def test_slow_pages_are_halved_and_tedious_ones_do_not_grow():
    pace = Pace()
    pace.answered(HARD_S + 1, 1, 100)
    assert pace.page_size == 50
    pace.answered(5.0, 1, 50)
    assert pace.page_size == 50
    pace.answered(HARD_S + 1, 1, 100)
    assert pace.page_size == 50, "a larger page that was on its way says nothing about this size"


def test_the_page_never_exceeds_what_the_doctor_found():
    pace = Pace(largest=20)
    host(pace, 8, 0.1, 500)
    assert pace.page_size == 20


def test_a_later_visit_goes_on_where_the_last_one_ended():
    pace = Pace()
    host(pace, 8, 0.2, 20)
    again = Pace.after(pace.state, 100)
    assert (again.at_a_time, again.page_size) == (4, 100)
    assert again.page_s[1] == pace.page_s[1]
    assert Pace.after(PaceState(), 50).page_size == 50
    assert Pace.after(PaceState(at_a_time=9, page_size=0, most=7), 100).at_a_time == 4


def test_a_later_visit_has_the_patience_and_the_doubt_of_the_last_one():
    pace = Pace(page_s={1: 0.2})
    first = pace.patience_s(60)
    pace.failed()
    again = Pace.after(pace.state, 100)
    assert (again.failing, again.patience_s(60)) == (1, 2 * first)
    again.answered(0.2, 1)
    assert again.state.failing == 0
    assert again.patience_s(60) == first
