"""Lists as files: the same rows and filters as the page, all of them, streamed."""

from collections.abc import Callable, Sequence
from html import unescape
from typing import Any, TypeVar

from django.http import HttpResponseBase
from django.utils.html import strip_tags
from django.utils.translation import gettext as _

from longshore.storage.queries.held import HeldRow
from longshore.storage.queries.needs import Need, NeedRow
from longshore.storage.queries.orders import OrderRow
from longshore.storage.queries.pace import SlowPart
from longshore.storage.queries.paging import Cursor, Slice
from longshore.storage.queries.products import LeftOut, ProductRow
from longshore.storage.queries.runs import RunRow, Written
from longshore.storage.queries.stock import StockLine
from longshore.storage.queries.sweeps import Mended
from longshore.storage.queries.vendors import every_vendor
from longshore.web.admin.params import Lines
from longshore.web.shared import (
    field_words,
    order_words,
    product_words,
    stock_words,
    vendor_words,
)
from longshore.web.shared.said import said
from longshore.web.shared.table_files import as_file, every_row
from longshore.web.shared.tenancy import PageRequest
from longshore.web.shared.words import advice, sentence

Row = TypeVar("Row")
Pages = Callable[[Cursor], Slice[Row]]


def orders(request: PageRequest, page_at: Pages[OrderRow]) -> HttpResponseBase:
    head = [_("Order"), _("Placed"), _("Buyer"), _("City"), _("State"), _("Vendors"), _("Total"),
            _("Currency")]  # fmt: skip

    def rows() -> Lines:
        for row in every_row(page_at):
            state = order_words.state_of(row).word
            yield [row.name, row.created_at, row.buyer, row.city, state, row.vendors, row.total,
                   row.currency]  # fmt: skip

    return as_file(request, "orders", head, rows())


def products(request: PageRequest, page_at: Pages[ProductRow]) -> HttpResponseBase:
    head = [_("Product"), _("SKU"), _("Vendor"), _("State"), _("Why"), _("At the vendor"),
            _("Currency"), _("In your shop"), _("Currency"), _("Stock"), _("Read")]  # fmt: skip

    def rows() -> Lines:
        for row in every_row(page_at):
            why = "; ".join(_plain(text) for text, _cure in product_words.reasons(row))
            state = product_words.state_of(row).word
            yield [row.name, row.sku, row.vendor, state, why, row.store_price, row.store_currency,
                   row.shop_price, row.shop_currency, row.stock, row.read_at]  # fmt: skip

    return as_file(request, "products", head, rows())


def left_out(request: PageRequest, page_at: Pages[LeftOut]) -> HttpResponseBase:
    head = [_("Product"), _("Vendor"), _("Why"), _("What changes it"), _("Read")]

    def rows() -> Lines:
        for row in every_row(page_at):
            code, evidence = row.reason.code, row.reason.evidence
            why, cure = _plain(sentence(code, evidence)), _plain(advice(code, evidence))
            yield [row.name, row.vendor, why, cure, row.read_at]

    return as_file(request, "left-out", head, rows())


def stock(request: PageRequest, page_at: Pages[StockLine]) -> HttpResponseBase:
    head = [_("Product"), _("Variant"), _("SKU"), _("Vendor"), _("State"), _("At the vendor"),
            _("Read"), _("Reserved"), _("Buffer"), _("Should show"), _("On Shopify"),
            _("Written")]  # fmt: skip

    def rows() -> Lines:
        for row in every_row(page_at):
            yield [row.product, row.options, row.sku, row.vendor, stock_words.state_of(row).word,
                   row.store_quantity, row.read_at, row.reserved, row.buffer, row.wanted_quantity,
                   row.known_quantity, row.known_at]  # fmt: skip

    return as_file(request, "stock", head, rows())


def vendors(request: PageRequest, *, tab: str, search: str) -> HttpResponseBase:
    head = [_("Vendor"), _("Shop"), _("State"), _("Problems"), _("Products"), _("On Shopify"),
            _("To review"), _("Open orders"), _("Late"), _("Of due"), _("Parcels"),
            _("With tracking"), _("Answered")]  # fmt: skip

    def rows() -> Lines:
        for row in every_vendor(request.tenant.marketplace_id, tab=tab, search=search):
            yield [row.name, row.host, vendor_words.row_state(row).word, row.problems,
                   row.products, row.on_sale, row.to_review, row.open_orders,
                   row.late, row.due, row.shipped, row.tracked, row.answered_at]  # fmt: skip

    return as_file(request, "vendors", head, rows())


def causes(request: PageRequest, found: Sequence[Need]) -> HttpResponseBase:
    head = [_("What"), _("How many"), _("Vendors"), _("Since"), _("Worth"), _("Currency"),
            _("What mends it")]  # fmt: skip

    def rows() -> Lines:
        for need in found:
            evidence = {"vendor": need.vendor, **need.evidence}
            yield [_plain(sentence(need.code, evidence)), need.count, need.vendors,
                   need.first_seen_at, need.worth, need.currency,
                   _plain(advice(need.code, evidence))]  # fmt: skip

    return as_file(request, "causes", head, rows())


def needs(request: PageRequest, page_at: Pages[NeedRow]) -> HttpResponseBase:
    head = [_("What"), _("Vendor"), _("What mends it"), _("Since"), _("Seen last")]

    def rows() -> Lines:
        for row in every_row(page_at):
            problem = row.problem
            evidence = {"vendor": problem.vendor, **problem.evidence}
            yield [_plain(sentence(problem.code, evidence)), problem.vendor,
                   _plain(advice(problem.code, evidence)), problem.first_seen_at,
                   problem.last_seen_at]  # fmt: skip

    return as_file(request, "needs", head, rows())


def pace(request: PageRequest, rows: Sequence[SlowPart]) -> HttpResponseBase:
    head = [_("Order"), _("Vendor"), _("Taken"), _("Seconds")]
    told = ([one.order, one.vendor, one.taken_at, f"{one.seconds:.1f}"] for one in rows)
    return as_file(request, "pace", head, told)


def mended(request: PageRequest, page_at: Pages[Mended]) -> HttpResponseBase:
    head = [_("Product"), _("Variant"), _("Vendor"), _("Found"), _("We knew"), _("It was")]

    def rows() -> Lines:
        for one in every_row(page_at):
            yield [one.product, one.options, one.vendor, one.at, one.before, one.after]

    return as_file(request, "checks", head, rows())


def held(
    request: PageRequest, page_at: Pages[HeldRow], value: Callable[[Any], str]
) -> HttpResponseBase:
    """`value` says what was, or what the shop says, of one thing."""
    head = [_("Product"), _("Variant"), _("In force"), _("The shop says")]

    def rows() -> Lines:
        for row in every_row(page_at):
            yield [row.product, row.options, value(row.was), value(row.says)]

    return as_file(request, "held", head, rows())


def runs(
    request: PageRequest, page_at: Pages[RunRow], words: Callable[[RunRow], Sequence[str]]
) -> HttpResponseBase:
    """`words`: what became of products, why, and the state."""
    head = [_("Begun"), _("Ended"), _("What became of products"), _("Why"), _("State")]

    def rows() -> Lines:
        for row in every_row(page_at):
            yield [row.started_at, row.finished_at, *words(row)]

    return as_file(request, "written", head, rows())


def writes(request: PageRequest, page_at: Pages[Written]) -> HttpResponseBase:
    """A line for each field."""
    head = [_("Product"), _("When"), _("Field"), _("Before"), _("After"), _("Outcome"), _("Why")]

    def rows() -> Lines:
        for one in every_row(page_at):
            for name, before, after in field_words.changes(one.before, one.after) or [("", "", "")]:
                yield [one.product, one.at, name, before, after, one.outcome, said(one.why)]

    return as_file(request, "run", head, rows())


def _plain(html: str) -> str:
    return unescape(strip_tags(html))
