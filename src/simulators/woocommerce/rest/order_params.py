"""What the routes of orders take: parameters of lists, and bodies of writes."""

from simulators.woocommerce.orders import ADDRESS, GIVEN_STATUSES
from simulators.woocommerce.rest.params import INTEGERS, STRINGS, Param, Params, one_of
from simulators.woocommerce.rest.product_params import (
    CHOICE,
    META,
    MODIFIED,
    PAGE,
    known,
    orderby,
)
from simulators.woocommerce.settings import ShopSettings
from simulators.woocommerce.wire.common import currencies
from simulators.woocommerce.wire.generations import WC_V3, Generation


def given_statuses(settings: ShopSettings) -> tuple[str, ...]:
    """With those that plugins made up."""
    drafts = ("auto-draft", "checkout-draft")
    early = tuple(status for status in GIVEN_STATUSES if status not in drafts)
    found = GIVEN_STATUSES if settings.version.draft_statuses else early
    return (*found, *settings.statuses)


def orders_list(settings: ShopSettings, generation: Generation = WC_V3) -> Params:
    version = settings.version
    modified = MODIFIED if version.modified_after else {}
    statuses = ("any", *given_statuses(settings))
    trash = ("trash",) if version.refund_reasons and generation.meta else ()
    one = Param(default="any", enum=("any", *trash, *statuses[1:]))
    several = Param("array", default=["any"], items=Param(enum=("any", "trash", *statuses[1:])))
    found: dict[str, Param] = {
        **PAGE,
        **modified,
        **CHOICE,
        "orderby": orderby(
            version, ("date", "id", "include", "title", "slug", "modified"), generation
        ),
        "parent": INTEGERS,
        "parent_exclude": INTEGERS,
        "status": one if generation.one_status else several,
        "customer": Param("integer"),
        "product": Param("integer"),
        "created_via": STRINGS,
        "dp": Param("integer", 2),
    }
    return known(found, version, generation)


def _address(*more: str) -> Param:
    properties: dict[str, Param] = {name: Param() for name in (*ADDRESS, *more)}
    if "email" in properties:
        properties["email"] = Param("email", nullable=True)
    return Param("object", properties=properties)


def _lines(**properties: Param) -> Param:
    shared = {"id": Param("integer"), "total": Param(), "meta_data": META}
    return Param("array", items=Param("object", properties={**shared, **properties}))


def order_body(settings: ShopSettings, generation: Generation = WC_V3) -> Params:
    found: dict[str, Param] = {
        "parent_id": Param("integer"),
        "status": Param(enum=given_statuses(settings)),
        "currency": Param(enum=tuple(currencies())),
        "customer_id": Param("integer"),
        "customer_note": Param(),
        "billing": _address("email", "phone"),
        "shipping": _address("phone"),
        "payment_method": Param(),
        "payment_method_title": Param(),
        "transaction_id": Param(),
        "created_via": Param(),
        "meta_data": META,
        "line_items": _lines(
            name=Param("mixed"),
            product_id=Param("mixed"),
            variation_id=Param("integer"),
            quantity=Param("integer"),
            tax_class=Param(),
            subtotal=Param(),
            sku=Param("mixed"),
        ),
        "shipping_lines": _lines(method_title=Param("mixed"), method_id=Param("mixed")),
        "fee_lines": _lines(name=Param("mixed"), tax_class=Param()),
        "coupon_lines": Param(
            "array",
            items=Param("object", properties={"id": Param("integer"), "code": Param("mixed")}),
        ),
        "set_paid": Param("boolean"),
    }
    if not generation.meta:
        del found["meta_data"]
    if not settings.version.late_order_fields:
        del found["created_via"]
    return found


REFUND_BODY: Params = {
    "amount": Param(),
    "reason": Param(),
    "meta_data": META,
    "line_items": Param(
        "array",
        items=Param(
            "object",
            properties={
                "id": Param("integer"),
                "quantity": Param("integer"),
                "refund_total": Param("number"),
            },
        ),
    ),
    "api_refund": Param("boolean", default=True),
    "api_restock": Param("boolean", default=True),
}
NOTE_BODY: Params = {
    "note": Param(required=True),
    "customer_note": Param("boolean", default=False),
    "added_by_user": Param("boolean", default=False),
}
NOTES_LIST: Params = {"type": one_of("any", "customer", "internal")}
