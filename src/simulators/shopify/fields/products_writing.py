"""Mutations of products, variants, metafields and publications."""

from typing import Any

from simulators.shopify.fields.registry import Context, field_of, mutation
from simulators.shopify.rows import Row, UserErrors, only
from simulators.shopify.shop import operations, products, variants_many
from simulators.shopify.shop.metafields import define, set_many


@mutation("metafieldDefinitionCreate")
def definition_create(context: Context, *, definition: Row) -> Row:
    return define(context.state, definition)


@mutation("metafieldsSet")
def metafields_set(context: Context, *, metafields: list[Row]) -> Row:
    return set_many(context.state, metafields)


@mutation("productSet")
def product_set(
    context: Context,
    *,
    data: Row,
    identifier: Row | None = None,
    synchronous: bool | None = True,
) -> Row:
    state = context.state
    if synchronous or context.bulk:
        done = products.product_set(state, identifier, data)
        return {**done, "productSetOperation": None}
    operation = operations.begin(
        state, "ProductSetOperation", lambda: products.product_set(state, identifier, data)
    )
    return {"product": None, "productSetOperation": operation}


@field_of("QueryRoot.productOperation")
def product_operation(context: Context, _: Any, *, gid: str) -> Row | None:
    return context.state.operations.get(gid)


@field_of("ProductSetOperation.product")
@field_of("ProductDeleteOperation.product")
def operation_product(context: Context, row: Row) -> Row | None:
    return context.state.products.get(row["productId"])


@mutation("productUpdate")
def product_update(context: Context, *, product: Row | None = None) -> Row:
    return products.update(context.state, product or {})


@mutation("productDelete")
def product_delete(context: Context, *, data: Row, synchronous: bool | None = True) -> Row:
    only(data, {"id"}, "productDelete.input")
    state, gid = context.state, data["id"]
    if synchronous:
        return {**products.delete(state, gid), "productDeleteOperation": None}
    if gid not in state.products:
        raise UserErrors((["id"], "Product does not exist", None))
    operation = operations.begin(
        state, "ProductDeleteOperation", lambda: products.delete(state, gid), gid
    )
    return {"deletedProductId": None, "productDeleteOperation": operation}


def _product(context: Context, gid: str) -> Row:
    row = context.state.products.get(gid)
    if row is None:
        raise UserErrors((["productId"], "Product does not exist", "PRODUCT_DOES_NOT_EXIST"))
    return row


@mutation("productVariantsBulkCreate")
def variants_create(
    context: Context, *, product_id: str, variants: list[Row], strategy: str | None = None
) -> Row:
    row = _product(context, product_id)
    done = variants_many.create_many(context.state, row, variants, strategy)
    products.touch(context.state, row)
    return done


@mutation("productVariantsBulkUpdate")
def variants_update(
    context: Context,
    *,
    product_id: str,
    variants: list[Row],
    allow_partial_updates: bool | None = False,
) -> Row:
    row = _product(context, product_id)
    done = variants_many.update_many(
        context.state, row, variants, partial=bool(allow_partial_updates)
    )
    products.touch(context.state, row)
    return done


@mutation("productVariantsBulkDelete")
def variants_delete(context: Context, *, product_id: str, variants_ids: list[str]) -> Row:
    row = _product(context, product_id)
    done = variants_many.delete_many(context.state, row, variants_ids)
    products.touch(context.state, row)
    return done


@mutation("publishablePublish")
def publish(context: Context, *, gid: str, data: list[Row]) -> Row:
    return products.publish(context.state, gid, data, on=True)


@mutation("publishableUnpublish")
def unpublish(context: Context, *, gid: str, data: list[Row]) -> Row:
    return products.publish(context.state, gid, data, on=False)
