"""Parcel numbers as people paste them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from longshore.domain.pasted import (
    LONGEST_CARRIER,
    LONGEST_NUMBER,
    MOST_LINES,
    SHOWN,
    PastedLine,
    is_number,
    read_pasted,
)

DHL = "JJD000390007884312345"
POSTEN = "370722581014402"

READ = [
    ("#1042, DHL, 370722581014402", ("#1042", "DHL", POSTEN)),
    ("1042;DHL;370722581014402", ("1042", "DHL", POSTEN)),
    ("1042\tRoyal Mail\tRB123456785GB", ("1042", "Royal Mail", "RB123456785GB")),
    ("DHL | 370722581014402 | 1042", ("1042", "DHL", POSTEN)),
    ("1042, 370722581014402", ("1042", "", POSTEN)),
    ('"1042","DHL","3707 2258 1014 402"', ("1042", "DHL", POSTEN)),
    ("1042 370722581014402", ("1042", "", POSTEN)),
    ("1042 DHL 370722581014402", ("1042", "DHL", POSTEN)),
    ("2026-11-23, 1042, DHL, 370722581014402", ("1042", "DHL", POSTEN)),
    ("370722581014402", ("", "", POSTEN)),
    ("3707 2258 1014 402", ("", "", POSTEN)),
    (DHL, ("", "DHL", DHL)),
    (f"Your parcel {DHL} was handed over on 23.11.2026.", ("", "DHL", DHL)),
    (f"Order #1042: your number is {DHL}.", ("#1042", "DHL", DHL)),
    (f"Order #1042: {POSTEN}", ("#1042", "", POSTEN)),
    (f"Parcel {POSTEN}", ("", "", POSTEN)),
    (f"DHL {POSTEN}", ("", "DHL", POSTEN)),
    (f"1042 Posten {POSTEN}", ("1042", "Posten", POSTEN)),
    (f"Follow it: https://dhl.example/?id=999999999999 ({DHL})", ("", "DHL", DHL)),
    ("1042", ("", "", "")),
    ("#1042 went out today", ("#1042", "", "")),
    ("1042, <script>alert(12345678)</script>", ("", "", "")),
    ("=HYPERLINK(123456789), 1042", ("", "", "")),
]


@pytest.mark.parametrize(("text", "told"), READ)
def test_a_line(text: str, told: tuple[str, str, str]):
    (one,) = read_pasted(text)
    assert (one.order, one.carrier, one.number) == told
    assert one.text == text.strip()


def test_words_and_heads_of_tables_are_left_out():
    text = f"Hello,\n\nOrder;Carrier;Tracking\n1042;DHL;{DHL}\nKind regards"
    assert read_pasted(text) == (PastedLine(4, f"1042;DHL;{DHL}", "1042", "DHL", DHL),)


def test_a_number_is_told_once_and_an_order_may_have_several():
    text = f"1042, {DHL}\n1042, {DHL}\n1042, {POSTEN}\n1043, {DHL}"
    found = [(one.order, one.number) for one in read_pasted(text)]
    assert found == [("1042", DHL), ("1042", POSTEN), ("1043", DHL)]


def test_several_numbers_of_one_line_are_all_told():
    assert [one.number for one in read_pasted(f"Sent {DHL} and {POSTEN} today")] == [DHL, POSTEN]


def test_lines_that_cannot_be_read_are_all_kept():
    assert [one.text for one in read_pasted("order 7\norder 7\n")] == ["order 7", "order 7"]


def test_only_so_many_are_read():
    text = "\n".join(f"1000{n:09}" for n in range(MOST_LINES + 7))
    assert len(read_pasted(text)) == MOST_LINES


@given(st.text(max_size=400))
def test_whatever_is_pasted_comes_out_bounded_and_harmless(text: str):
    for one in read_pasted(text):
        assert len(one.text) <= SHOWN
        assert len(one.number) <= LONGEST_NUMBER
        assert len(one.order) <= LONGEST_NUMBER
        assert len(one.carrier) <= LONGEST_CARRIER
        assert one.text.isprintable() or "\t" in one.text
        for part in (one.number, one.order, one.carrier):
            assert not set(part) & set('<>"=\x00\n')
        assert not one.number or is_number(one.number)


@given(st.integers(1, 10**7), st.sampled_from([DHL, POSTEN, "1Z999AA10123456784"]))
def test_cells_are_read_in_any_order(order: int, number: str):
    cells = [f"#{order}", "DHL", number]
    for turned in (cells, cells[::-1], cells[1:] + cells[:1]):
        (one,) = read_pasted(", ".join(turned))
        assert (one.order, one.carrier, one.number) == (f"#{order}", "DHL", number)
