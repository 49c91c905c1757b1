"""What the rooms without gettext say can be collected, all of it."""

from pathlib import Path

import longshore
from tools.core_texts import every, read
from tools.messages import listed

ROOT = Path(longshore.__file__).parent
READ_ELSEWHERE = {
    "sync/fulfill_shipment.py _too_much(plan.missing)",
    "stores/shopify/client.py _PERSON[answer.status]",
    "stores/woocommerce/ordering.py why",
    "storage/repositories/going_live.py blocked",
    "storage/repositories/rule_edits.py problem",
    # A verdict's words, which are collected with the verdicts and told by them on pages.
    "stores/woocommerce/profiling.py text",
    "wiring/connections.py _words(finding)",
}
"""Errors whose words come from a function or a table: whole sentences, collected there."""


def texts_of(source: str) -> set[str]:
    return {one.text for one in read(source, "x.py")[0]}


def test_no_error_says_what_cannot_be_collected():
    """A new one is said as one text in its place, or named above with the place it comes from."""
    assert {one for _found, unread in every(ROOT) for one in unread} == READ_ELSEWHERE


def test_sentences_are_collected_with_their_values_named():
    texts = {one.text for found, _unread in every(ROOT) for one in found}
    assert "Put at least one item into the parcel." in texts
    assert "{name} has it as order {store_order_number}; it is not sent twice." in texts
    assert "Shopify refuses the token. Connect the shop again with current credentials." in texts
    assert "More was shipped than Shopify still has to ship (line: pieces): {lines}." in texts
    assert "Connect the Shopify shop first." in texts
    assert "pgettext('said', 'Put at least one item into the parcel.')" in listed()


def test_what_builders_read_is_left_alone():
    assert texts_of('"""A docstring of the room."""\nraise ValueError("It has no sense.")') == set()
    assert texts_of('raise Rejected("Not now")') == {"Not now"}
    assert texts_of('raise Rejected("Not now.", "For us alone.")') == {"Not now."}
    assert texts_of('return f"{a.host} has no {b[0]}."') == {"{host} has no {b}."}
    assert texts_of('x = f"{a.name} and {b.name} are one."') == {"{name} and {name2} are one."}


def test_an_error_put_together_from_pieces_is_named():
    found, unread = read('raise Rejected("It is " + state)', "sync/x.py")
    assert found == []
    assert unread == ["sync/x.py 'It is ' + state"]


def test_words_chosen_between_are_texts_of_their_own():
    told = texts_of("f\"{host} {'is too slow' if slow else 'is not there'}. We wait.\"")
    assert told == {"{host} {slow}. We wait.", "is too slow", "is not there"}
