"""`longshore why`: where a product stands, why it is or is not on sale, and what decided it."""

import json as jsonlib
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from html import unescape
from typing import TYPE_CHECKING, Annotated, Any

import typer

from longshore.cli.connect import MarketplaceName, the_marketplace
from longshore.cli.database import hub, require_tables
from longshore.cli.output import complain, out, say

if TYPE_CHECKING:
    from longshore.storage.queries.stock import StockLine
    from longshore.storage.queries.why import Asked
    from longshore.wiring import Explained

NOT_FOUND = 1
MARKS = {"ok": "ok", "stop": "STOP", "run": "wait", "todo": "-"}
MOST_LINES = 50


def register(app: typer.Typer) -> None:
    app.command("why")(why)


def why(
    product: Annotated[str, typer.Argument(help="An SKU, a barcode, or words of the name.")],
    *,
    marketplace: MarketplaceName = "",
    json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
) -> None:
    """Tell where a product stands: why it is or is not on sale, and which rule decided."""
    with hub():
        require_tables()
        from longshore.storage.queries.why import products_asked

        owner = the_marketplace(marketplace)
        found, count = products_asked(owner, product)
        answers = [told(owner, one) for one in found]
    if not answers:
        complain(f"No product has this SKU, barcode or name: {product}")
        raise typer.Exit(NOT_FOUND)
    if json:
        say(jsonlib.dumps(answers, indent=2, ensure_ascii=False, default=str))
        return
    for one in answers:
        for line in written(one):
            out.print(line, markup=False)
    if count > len(answers):
        say(f"{count - len(answers)} more are like this; say it more exactly.")


def told(owner: int, asked: "Asked") -> dict[str, Any]:
    """The documented form: the product, its way, its fields that differ or are not the vendor's,
    its stock lines with their history, what was written last.
    """
    from longshore import wiring
    from longshore.web.shared import words

    found: dict[str, Any] = {
        "product": asked.name,
        "vendor": asked.vendor,
        "read_at": asked.read_at,
        "written_at": asked.written_at,
        "on_sale": False,
        "way": [],
        "fields": [],
        "stock": [],
        "writes": [],
    }
    listing_id = asked.listing_id
    explained = wiring.explain_listing(owner, listing_id) if listing_id is not None else None
    if explained is None or listing_id is None:
        reason = asked.reason
        text = (
            words.sentence(reason.code, reason.evidence) if reason else "It was not reviewed yet."
        )
        found["way"] = [{"state": "stop", "told": "It has no listing", "more": [_plain(text)]}]
        return found
    return found | _explained(owner, listing_id, explained)


def _explained(owner: int, listing_id: int, explained: "Explained") -> dict[str, Any]:
    from longshore.storage.queries.runs import written_of
    from longshore.storage.queries.stock import lines_of_listing
    from longshore.web.shared import field_words

    lines = lines_of_listing(owner, listing_id)[:MOST_LINES]
    return {
        "on_sale": explained.stopped_at is None and not explained.draft,
        "way": [
            {"state": step.kind, "told": step.words, "more": [_plain(text) for text in step.more]}
            for step in field_words.way(explained)
        ],
        "fields": [
            asdict(one) | {"differs": one.differs}
            for one in explained.fields
            if one.differs or one.own or one.name == "price"
        ],
        "stock": [_stock(owner, line) for line in lines],
        "writes": [asdict(one) for one in written_of(owner, listing_id, 5)],
    }


def _stock(owner: int, line: "StockLine") -> dict[str, Any]:
    from longshore.storage.queries.stock import last_happenings
    from longshore.web.shared.stock_words import happened, rule_words

    return {
        "sku": line.sku,
        "options": line.options,
        "sold_by": line.sold_by,
        "at_the_vendor": line.store_quantity if line.store_tracked else None,
        "says": line.store_status,
        "read_at": line.read_at,
        "reserved": line.reserved,
        "buffer": line.buffer,
        "wanted": line.wanted_quantity if line.wanted_tracked else None,
        "counted": bool(line.wanted_tracked),
        "decided_at": line.decided_at,
        "on_shopify": line.known_quantity,
        "written_at": line.known_at,
        "rule": line.rule,
        "why": rule_words(line),
        "error": line.write_error,
        "history": [
            {"at": one.at, "what": happened(one).words, "before": one.before, "after": one.after}
            for one in last_happenings(owner, line.id, 5)
        ],
    }


def _plain(text: object) -> str:
    """Without the marks of a page."""
    from django.utils.html import strip_tags

    return unescape(strip_tags(str(text)))


def written(one: dict[str, Any]) -> Iterator[str]:
    state = "on sale" if one["on_sale"] else "not on sale"
    yield f"{one['product']} ({one['vendor']}): {state}"
    yield f"  read {_when(one['read_at'])}, written to Shopify {_when(one['written_at'])}"
    for step in one["way"]:
        yield f"  {MARKS[step['state']]:>4}  {step['told']}"
        for text in step["more"]:
            yield f"        {text}"
    for field in one["fields"]:
        now, wanted = field["now"], field["wanted"]
        moved = f"{now} -> {wanted}" if field["differs"] else f"{wanted}"
        where = f" (line {field['line']})" if field["line"] else ""
        yield f"  {field['name']}{where}: {moved}, decided by {field['decided_by']}"
    for line in one["stock"]:
        yield from _line(line)
    for write in one["writes"]:
        yield f"  {_when(write['at'])} {write['step']} {write['outcome']} {write['why']}".rstrip()


def _line(line: dict[str, Any]) -> Iterator[str]:
    name = " ".join(filter(None, (line["sku"], line["options"]))) or "its only variant"
    if line["counted"]:
        sums = (
            f"{line['at_the_vendor'] if line['at_the_vendor'] is not None else line['says']}"
            f" at {line['sold_by']} (read {_when(line['read_at'])}) - {line['reserved']} reserved"
            f" - {line['buffer']} buffer = {line['wanted']} (decided {_when(line['decided_at'])})"
        )
    else:
        sums = f"not counted at {line['sold_by']} (read {_when(line['read_at'])})"
    yield f"  stock of {name}: {sums}"
    yield f"        Shopify shows {line['on_shopify']} (written {_when(line['written_at'])})"
    yield f"        {line['why']}"
    if line["error"]:
        yield f"        Shopify refused it: {line['error']}"
    for event in line["history"]:
        yield f"        {_when(event['at'])} {event['what']}: {event['before']} -> {event['after']}"


def _when(at: datetime | None) -> str:
    return "never" if at is None else at.strftime("%Y-%m-%d %H:%M:%S UTC")
