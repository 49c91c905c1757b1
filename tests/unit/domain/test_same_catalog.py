from dataclasses import replace
from datetime import UTC, datetime, timedelta

from longshore.domain.same_catalog import ENOUGH, Fingerprint, compare

BEGINNING = datetime(2024, 1, 1, tzinfo=UTC)


def shop(count: int) -> dict[int, Fingerprint]:
    return {
        number: Fingerprint(BEGINNING + timedelta(days=number), f"bowl-{number}", f"B{number}")
        for number in range(1, count + 1)
    }


def other(print_: Fingerprint) -> Fingerprint:
    """Another product that happens to have the same id."""
    return Fingerprint(print_.created_at + timedelta(hours=3), print_.slug, print_.sku)


def test_the_same_products_prove_the_same_catalog():
    known = shop(60)
    assert compare(known, known).same


def test_a_changed_slug_or_sku_is_still_the_same_product():
    known = shop(ENOUGH)
    renamed = {number: replace(one, slug="new") for number, one in known.items()}
    recoded = {number: replace(one, sku="") for number, one in known.items()}
    both = {number: replace(one, slug="new", sku="") for number, one in known.items()}
    assert compare(known, renamed).same
    assert compare(known, recoded).same
    assert not compare(known, both).same


def test_deleted_products_do_not_matter_while_enough_are_left():
    known = shop(60)
    assert compare(known, shop(ENOUGH)).same
    assert not compare(known, shop(ENOUGH - 1)).same


def test_all_must_match_where_few_are_known():
    known = shop(3)
    assert compare(known, known).same
    assert not compare(known, shop(2)).same
    assert compare({}, {}).same


def test_ids_alone_prove_nothing():
    known = shop(60)
    assert not compare(known, {number: other(one) for number, one in known.items()}).same


def test_a_copy_that_went_its_own_way_is_another_shop():
    known = shop(60)
    copy = {number: one if number <= 30 else other(one) for number, one in known.items()}
    proof = compare(known, copy)
    assert proof.matched == 30 >= ENOUGH
    assert not proof.same


def test_no_date_no_proof():
    known = {number: replace(one, created_at=None) for number, one in shop(30).items()}
    assert not compare(known, known).same
