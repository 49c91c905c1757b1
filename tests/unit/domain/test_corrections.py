from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from longshore.domain.corrections import KnownShipment, corrections
from longshore.domain.tracking import Tracking


def parcel(number: str, key: str = "", **more: object) -> Tracking:
    return Tracking(key or f"k{number}", number, "ups", "", **more)  # type: ignore[arg-type]


def changed(known: list[Tracking], *now: Tracking, whole: bool = True) -> dict[int, tuple]:
    rows = [KnownShipment(place, one) for place, one in enumerate(known)]
    return {place: one.numbers for place, one in corrections(rows, now, whole=whole).changed}


def test_nothing_changed():
    assert changed([parcel("A"), parcel("B")], parcel("B"), parcel("A")) == {}


def test_the_same_number_under_another_key_is_the_same_parcel():
    assert changed([parcel("A 1", "k")], parcel("a1", "new")) == {0: ("a1",)}
    assert changed([parcel("A", "k")], parcel("A", "new")) == {}


def test_a_late_number_goes_to_the_shipment_without_one():
    assert changed([parcel("A"), parcel("", "completed")], parcel("A"), parcel("B")) == {1: ("B",)}


def test_with_two_gone_nobody_guesses_which_was_corrected():
    rows = [KnownShipment(0, parcel("A")), KnownShipment(1, parcel("B"))]
    found = corrections(rows, [parcel("C")], whole=False)
    assert (found.changed, found.withdrawn) == ((), (0, 1))


def test_a_parcel_of_goods_that_are_not_shipped_yet_is_left_alone():
    assert changed([parcel("A")], parcel("A"), parcel("B"), whole=False) == {}


def test_a_further_parcel_that_is_gone_is_taken_off():
    two = parcel("A", others=(("B", ""), ("C", "")))
    assert changed([two], parcel("A"), parcel("C")) == {0: ("A", "C")}


def test_what_a_person_typed_stays():
    typed = KnownShipment(
        7,
        parcel(
            "A",
            "vendor:1",
        ),
        by_hand=True,
    )
    assert corrections([typed], [], whole=True).withdrawn == ()
    filled = corrections([typed], [replace(parcel("A"), url="https://t.example/A")], whole=True)
    ((_, now),) = filled.changed
    assert (now.key, now.carrier, now.url) == ("vendor:1", "ups", "https://t.example/A")


NUMBERS = st.lists(st.sampled_from("ABCDEF"), unique=True, max_size=4)


@settings(deadline=None)
@given(NUMBERS, NUMBERS, st.booleans())
def test_told_once_it_is_quiet(before: list[str], now: list[str], whole: bool):
    """No number is ever lost to nobody, and what was applied is not told again."""
    known = [KnownShipment(place, parcel(one)) for place, one in enumerate(before)]
    parcels = [parcel(one) for one in now]
    first = corrections(known, parcels, whole=whole)
    after = dict(first.changed)
    known = [replace(one, parcel=after.get(one.shipment_id, one.parcel)) for one in known]
    again = corrections(known, parcels, whole=whole)
    assert again.changed == ()
    assert again.withdrawn == first.withdrawn
    if whole and known:
        assert set(now) <= {number for one in known for number in one.parcel.numbers}
