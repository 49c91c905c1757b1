from hypothesis import given, settings
from hypothesis import strategies as st

from longshore.domain.personal import ERASED, masked, scrubbed, words_of

ADDRESS = {
    "first_name": "Ada",
    "last_name": "Buyer",
    "line1": "Secret Lane 77",
    "city": "Town",
    "country": "CZ",
    "postcode": "11",
}


def test_words_are_those_that_name_somebody():
    words = words_of("ada@buyer.example", ADDRESS)
    assert words[0] == "ada@buyer.example"
    assert set(words) == {"ada@buyer.example", "ada", "Ada", "Buyer", "Secret Lane 77"}


def test_they_leave_every_text():
    words = words_of("ada@buyer.example", ADDRESS)
    kept = {"why": "ADA@Buyer.example lives at secret lane 77", "n": 3, "more": ["Ada", "CZ"]}
    assert scrubbed(kept, words) == {
        "why": f"{ERASED} lives at {ERASED}",
        "n": 3,
        "more": [ERASED, "CZ"],
    }


@settings(deadline=None)
@given(st.text(max_size=40), st.lists(st.text(min_size=3, max_size=6), max_size=4))
def test_any_text_can_be_scrubbed(text: str, words: list[str]):
    done = str(scrubbed(text, words))
    for word in words:
        if word in text and word.isascii() and word.isalpha() and word not in ERASED:
            assert word not in done


def test_a_masked_value_shows_that_there_is_one():
    assert masked(ADDRESS) == {
        "first_name": "A…",
        "last_name": "B…",
        "line1": "S…",
        "city": "Town",
        "country": "CZ",
        "postcode": "1…",
    }
    assert masked("") == ""
