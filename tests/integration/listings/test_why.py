"""`longshore why`: one answer for a product and each of its stock lines, with what decided it."""

import json
from datetime import timedelta

from longshore import wiring
from longshore.cli.why import told, written
from longshore.storage.models import Listing
from longshore.storage.queries.why import products_asked
from longshore.storage.repositories.rule_edits import RuleKind
from longshore.storage.repositories.stock import redecide
from support.shelf import Shelf, make_shelf


def ask(shelf: Shelf, text: str) -> tuple[dict, str]:
    found, count = products_asked(shelf.owner, text)
    assert count == 1
    answer = told(shelf.owner, found[0])
    return answer, "\n".join(written(answer))


def test_a_product_on_sale_is_told_with_its_sum_and_its_history(shelf: Shelf):
    row = shelf.product()
    shelf.put_on_sale(row)
    shelf.push_stock()
    row.variants.update(quantity=3, stock_requested_at=shelf.clock.now() + timedelta(minutes=1))
    redecide(shelf.owner, list(row.variants.values_list("pk", flat=True)), shelf.clock.now())
    answer, text = ask(shelf, "mug-1-0")
    assert answer["on_sale"] is True
    assert [step["state"] for step in answer["way"]] == ["ok"] * 5
    (line,) = answer["stock"]
    assert (line["at_the_vendor"], line["wanted"], line["on_shopify"], line["rule"]) == (3, 3, 5, 3)
    assert "The vendor counts this product" in line["why"]
    assert "3 at Kiln" in text
    assert "Shopify should show another number: 5 -> 3" in text
    (price,) = [one for one in answer["fields"] if one["name"] == "price"]
    assert (price["now"], price["decided_by"]) == ("10", "until_edited")
    assert [one["outcome"] for one in answer["writes"]] == ["done", "done"]
    assert json.dumps(answer, default=str)


def test_the_rule_that_keeps_it_out_is_named(shelf: Shelf):
    shelf.product()
    rule = {"include": False, "subject": "category", "comparison": "is", "value": "MUGS"}
    wiring.save_rule(shelf.owner, RuleKind.IMPORTS, None, {**rule, "name": "No mugs"})
    shelf.review()
    assert not Listing.objects.exists()
    answer, text = ask(shelf, "mug-1-0")
    assert answer["on_sale"] is False
    assert "is kept out by the rule: No mugs." in text


def test_what_waits_for_review_says_so(shelf: Shelf):
    shelf.product()
    shelf.review()
    _answer, text = ask(shelf, "mug-1-0")
    assert "not on sale" in text
    assert "STOP  It is not approved" in text
    assert "It waits for your review." in text
    assert "written to Shopify never" in text


def test_anothers_products_are_not_found(shelf: Shelf):
    shelf.product()
    stranger = make_shelf()
    assert products_asked(stranger.owner, "mug-1-0") == ([], 0)
    stranger.shop.simulator.close()
