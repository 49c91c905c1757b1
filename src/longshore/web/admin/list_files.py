"""Lists as files: the same rows and filters as the page, all of them, streamed."""

from collections.abc import Callable
from typing import TypeVar

from django.http import HttpResponseBase
from django.utils.translation import gettext as _

from longshore.storage.queries.orders import OrderRow
from longshore.storage.queries.paging import Cursor, Slice
from longshore.storage.queries.products import LeftOut, ProductRow
from longshore.storage.queries.stock import StockLine
from longshore.storage.queries.vendors import every_vendor
from longshore.web.admin.params import Lines
from longshore.web.shared import order_words, product_words, stock_words, vendor_words
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
            why = "; ".join(str(text) for text, _cure in product_words.reasons(row))
            state = product_words.state_of(row).word
            yield [row.name, row.sku, row.vendor, state, why, row.store_price, row.store_currency,
                   row.shop_price, row.shop_currency, row.stock, row.read_at]  # fmt: skip

    return as_file(request, "products", head, rows())


def left_out(request: PageRequest, page_at: Pages[LeftOut]) -> HttpResponseBase:
    head = [_("Product"), _("Vendor"), _("Why"), _("What changes it"), _("Read")]

    def rows() -> Lines:
        for row in every_row(page_at):
            code, evidence = row.reason.code, row.reason.evidence
            yield [row.name, row.vendor, sentence(code, evidence), advice(code, evidence),
                   row.read_at]  # fmt: skip

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
            _("To review"), _("Open orders"), _("Parcels"), _("With tracking"),
            _("Answered")]  # fmt: skip

    def rows() -> Lines:
        for row in every_vendor(request.tenant.marketplace_id, tab=tab, search=search):
            yield [row.name, row.host, vendor_words.row_state(row).word, row.problems,
                   row.products, row.on_sale, row.to_review, row.open_orders, row.shipped,
                   row.tracked, row.answered_at]  # fmt: skip

    return as_file(request, "vendors", head, rows())
