"""Naive requests about products: what becomes of somebody who does not know the rule."""

import pytest

from support.shopify_shop import (
    HUB_NAMESPACE,
    PRODUCT_SET,
    Wire,
    custom,
    goods,
    naive,
    sized,
)

UPDATE = """
mutation($product: ProductUpdateInput!) {
  productUpdate(product: $product) { product { id } userErrors { field message } }
}"""
VARIANTS_UPDATE = """
mutation($id: ID!, $variants: [ProductVariantsBulkInput!]!, $partial: Boolean) {
  productVariantsBulkUpdate(productId: $id, variants: $variants, allowPartialUpdates: $partial) {
    productVariants { id }
    userErrors { field code message }
  }
}"""
VARIANTS_DELETE = """
mutation($id: ID!, $ids: [ID!]!) {
  productVariantsBulkDelete(productId: $id, variantsIds: $ids) { userErrors { code message } }
}"""
METAFIELDS_SET = """
mutation($metafields: [MetafieldsSetInput!]!) {
  metafieldsSet(metafields: $metafields) { metafields { id } userErrors { code message } }
}"""
DEFINE = """
mutation($definition: MetafieldDefinitionInput!) {
  metafieldDefinitionCreate(definition: $definition) { userErrors { code message } }
}"""
PRODUCT = """
query($id: ID!) {
  product(id: $id) {
    vendor
    tags
    media(first: 10) { nodes { id status mediaErrors { code } } }
    metafields(first: 10) { nodes { namespace key value } }
    variants(first: 10) { nodes { id title sku } }
  }
}"""
SEARCH = "query($q: String) { productVariants(first: 10, query: $q) { nodes { id sku } } }"


@pytest.fixture
def shop(wire: Wire) -> Wire:
    """A shop that knows the custom id."""
    wire.define()
    return wire


def codes(payload) -> list[str]:
    return [entry["code"] for entry in payload["userErrors"]]


def ids(payload) -> list[str]:
    return [node["id"] for node in payload["product"]["variants"]["nodes"]]


def put(wire: Wire, **given) -> list[str]:
    """What a productSet is refused for, with a custom id that is right."""
    return codes(wire.set(**given))


# --- finding the product ---


@naive("upsert-by-custom-id")
def test_a_repeated_call_without_custom_id_makes_a_second_product(shop: Wire):
    plain = goods(metafields=[])
    for _ in range(2):
        shop.done(PRODUCT_SET, input=plain)
    assert len(shop.state.products) == 2
    assert shop.set("7")["product"]["id"] == shop.set("7")["product"]["id"]


@naive("custom-id-definition")
def test_a_custom_id_that_nobody_defined(wire: Wire):
    assert put(wire) == ["INVALID_METAFIELD"]


@naive("custom-id-field")
def test_the_custom_id_only_as_identifier(shop: Wire):
    assert put(shop, metafields=[]) == ["MISSING_FIELD_REQUIRED"]


@naive("custom-id-match")
def test_another_value_in_the_metafield(shop: Wire):
    payload = shop.data(PRODUCT_SET, identifier=custom("1"), input=goods("2"))
    assert codes(payload) == ["METAFIELD_MISMATCH"]


@naive("id-beside-identifier")
def test_an_id_beside_the_identifier(shop: Wire):
    assert put(shop, id="gid://shopify/Product/1") == ["ID_NOT_ALLOWED"]


@naive("unique-custom-id")
def test_a_linked_product_given_the_custom_id_of_another(shop: Wire):
    shop.set("1")
    other = shop.product()["id"]
    field = {"ownerId": other, "namespace": HUB_NAMESPACE, "key": "source", "value": "1"}
    assert shop.refused(METAFIELDS_SET, metafields=[field]) == ["CAPABILITY_VIOLATION"]


@naive("definition-once")
def test_the_definition_made_at_every_start(shop: Wire):
    again = {"name": "Source", "namespace": HUB_NAMESPACE, "key": "source",
             "ownerType": "PRODUCT", "type": "id"}  # fmt: skip
    assert shop.refused(DEFINE, definition=again) == ["TAKEN"]


@naive("handle-unique")
def test_a_handle_that_another_product_has(shop: Wire):
    shop.set("1", handle="mug")
    assert put(shop, value="2", handle="mug") == ["HANDLE_NOT_UNIQUE"]
    shop.set("3")
    assert [row["handle"] for row in shop.state.products.values()] == ["mug", "mug-1"]


# --- lists are replaced ---


@naive("variants-replaced")
def test_one_new_variant_sent_alone_deletes_the_others(shop: Wire):
    shop.set()
    payload = shop.set(sizes=("L",))
    assert [node["title"] for node in payload["product"]["variants"]["nodes"]] == ["L"]
    assert len(shop.state.variants) == 1


@naive("metafields-replaced")
def test_a_set_with_our_metafield_deletes_the_merchants(shop: Wire):
    gid = shop.set()["product"]["id"]
    note = {"ownerId": gid, "namespace": "custom", "key": "note", "value": "fragile",
            "type": "single_line_text_field"}  # fmt: skip
    shop.done(METAFIELDS_SET, metafields=[note])
    shop.set()
    assert [f["key"] for f in shop.data(PRODUCT, id=gid)["metafields"]["nodes"]] == ["source"]


@naive("files-replaced")
def test_a_further_picture_sent_alone_removes_the_first(shop: Wire):
    gid = shop.set(files=[{"originalSource": "https://kiln.example/1.jpg"}])["product"]["id"]
    first = shop.state.products[gid]["mediaIds"]
    shop.set(files=[{"originalSource": "https://kiln.example/2.jpg"}])
    now = shop.state.products[gid]["mediaIds"]
    assert (len(now), set(now) & set(first)) == (1, set())


@naive("scalars-stay")
def test_a_vendor_left_out_is_not_taken_away(shop: Wire):
    gid = shop.set(vendor="Kiln")["product"]["id"]
    shop.set()
    assert shop.data(PRODUCT, id=gid)["vendor"] == "Kiln"


@naive("tags-overwritten")
def test_tags_sent_remove_those_of_people(shop: Wire):
    gid = shop.set(tags=["blue"])["product"]["id"]
    shop.control("products/change", product_id=gid, tags=["blue", "bestseller"])
    shop.set(tags=["blue"])
    assert shop.data(PRODUCT, id=gid)["tags"] == ["blue"]


@naive("tags-sorted")
def test_tags_do_not_come_back_as_they_were_sent(shop: Wire):
    gid = shop.set(tags=["small", "Blue", "blue"])["product"]["id"]
    assert shop.data(PRODUCT, id=gid)["tags"] == ["Blue", "small"]


@naive("variant-identity")
def test_a_renamed_size_without_its_id_is_another_variant(shop: Wire):
    before = ids(shop.set())
    assert not set(ids(shop.set(sizes=("Small", "Medium")))) & set(before)
    again = ids(shop.set())
    kept = [sized("Tiny", id=again[0]), sized("M")]
    options = [{"name": "Size", "values": [{"name": "Tiny"}, {"name": "M"}]}]
    assert ids(shop.set(productOptions=options, variants=kept)) == again


# --- options and variants ---


@naive("options-with-variants")
def test_variants_without_options(shop: Wire):
    assert put(shop, productOptions=None) == ["PRODUCT_OPTIONS_INPUT_MISSING"]


@naive("variants-with-options")
def test_options_without_variants(shop: Wire):
    assert put(shop, variants=None) == ["VARIANTS_INPUT_MISSING"]


@naive("three-options")
def test_four_options(shop: Wire):
    names = ("Size", "Color", "Glaze", "Handle")
    options = [{"name": name, "values": [{"name": "1"}]} for name in names]
    variant = {"optionValues": [{"optionName": name, "name": "1"} for name in names]}
    assert put(shop, productOptions=options, variants=[variant]) == ["OPTIONS_OVER_LIMIT"]
    assert not shop.state.products


@naive("variants-2048")
def test_2049_variants(shop: Wire):
    sizes = tuple(str(number) for number in range(2049))
    assert put(shop, sizes=sizes) == ["VARIANTS_OVER_LIMIT"]
    assert not shop.state.products
    assert put(shop, sizes=sizes[:-1]) == []
    assert len(shop.state.variants) == 2048


@naive("option-values-differ")
def test_a_value_named_twice(shop: Wire):
    options = [{"name": "Size", "values": [{"name": "S"}, {"name": "M"}, {"name": "S"}]}]
    assert put(shop, productOptions=options) == ["DUPLICATED_OPTION_VALUE"]


@naive("option-values-fold-case")
def test_values_that_differ_in_case(shop: Wire):
    assert put(shop, sizes=("Blue", "blue")) == ["DUPLICATED_OPTION_VALUE"]


@naive("variants-differ")
def test_two_variants_of_one_size(shop: Wire):
    assert put(shop, variants=[sized("S"), sized("S")]) == ["INVALID_VARIANT"]


@naive("option-values-listed")
def test_a_size_that_the_options_do_not_list(shop: Wire):
    assert put(shop, variants=[sized("S"), sized("XXL")]) == ["OPTION_VALUE_DOES_NOT_EXIST"]


@naive("price-not-negative")
def test_a_negative_price(shop: Wire):
    assert put(shop, variants=[sized("S", price="-1")]) == ["INVALID_VARIANT"]
    gid = shop.set()["product"]["id"]
    row = {"id": shop.state.products[gid]["variantIds"][0], "price": "-1"}
    refused = shop.refused(VARIANTS_UPDATE, id=gid, variants=[row])
    assert refused == ["GREATER_THAN_OR_EQUAL_TO"]


@naive("title-not-blank")
def test_no_title(shop: Wire):
    assert put(shop, title=" ") == ["INVALID_PRODUCT"]
    assert put(shop) == []
    assert put(shop, title="") == ["INVALID_PRODUCT"]


# --- stock with the product ---


@naive("set-stocks-there")
def test_quantities_at_a_vendors_location_stock_nothing_at_the_first(shop: Wire):
    place = shop.control("locations", name="Kiln")["id"]
    amount = {"locationId": place, "name": "available", "quantity": 5}
    shop.set(sizes=("S",), variants=[sized("S", inventoryQuantities=[amount])])
    (item,) = shop.state.items
    assert {key: row["available"] for key, row in shop.state.levels.of(item).items()} == {place: 5}


@naive("new-variant-first-location")
def test_a_variant_without_quantities_is_stocked_although_nobody_asked(shop: Wire):
    shop.control("locations", name="Kiln")
    shop.set(sizes=("S",))
    (item,) = shop.state.items
    assert {key: row["available"] for key, row in shop.state.levels.of(item).items()} == {
        shop.place: 0
    }


@naive("quantities-where-stocked")
def test_quantities_of_an_old_variant_at_a_new_location(shop: Wire):
    (variant,) = ids(shop.set(sizes=("S",)))
    place = shop.control("locations", name="Kiln")["id"]
    amount = {"locationId": place, "name": "available", "quantity": 5}
    row = sized("S", id=variant, inventoryQuantities=[amount])
    assert put(shop, sizes=("S",), variants=[row]) == ["INVALID_INPUT"]


@naive("quantities-50000")
def test_more_than_50000_quantities(shop: Wire):
    amount = {"locationId": shop.place, "name": "available", "quantity": 1}
    sizes = tuple(str(number) for number in range(201))
    rows = [sized(size, inventoryQuantities=[amount] * 250) for size in sizes]
    refused = put(shop, sizes=sizes, variants=rows)
    assert refused == ["INVENTORY_QUANTITIES_LIMIT_EXCEEDED"]


@naive("variant-throttle")
@naive("variant-throttle-answer")
def test_the_1001st_new_variant_of_a_day():
    wire = Wire(variant_threshold=2, variants_a_day=3)
    wire.define()
    wire.set("1")
    assert put(wire, value="2", sizes=("A", "B")) == ["INVALID_INPUT"]
    assert put(wire, value="2", sizes=("A",)) == []
    assert put(wire, value="2", sizes=("A",)) == []
    wire.forward(24 * 3600)
    assert put(wire, value="3", sizes=("A", "B", "C")) == []
    wire.close()


# --- in the background ---

OPERATION = """
query($id: ID!) {
  productOperation(id: $id) {
    status
    product { id }
    ... on ProductSetOperation { userErrors { code } }
  }
}"""


@naive("set-in-background")
def test_a_set_in_the_background_tells_no_errors_at_once(shop: Wire):
    options = [{"name": "Size", "values": []}]
    bad = goods(productOptions=options)
    payload = shop.data(PRODUCT_SET, identifier=custom("1"), input=bad, now=False)
    assert (payload["product"], payload["userErrors"]) == (None, [])
    gid = payload["productSetOperation"]["id"]
    assert shop.data(OPERATION, id=gid)["status"] == "CREATED"
    shop.forward()
    done = shop.data(OPERATION, id=gid)
    assert (done["status"], done["userErrors"]) == (
        "COMPLETE",
        [{"code": "OPTION_VALUES_MISSING"}],
    )


# --- images ---


def pictured(shop: Wire, **given) -> str:
    files = [{"originalSource": "https://kiln.example/mug.jpg"}]
    return shop.set(files=files, **given)["product"]["id"]


def statuses(shop: Wire, gid: str) -> list[str]:
    return [node["status"] for node in shop.data(PRODUCT, id=gid)["media"]["nodes"]]


@naive("media-later")
def test_a_picture_is_not_ready_at_once(shop: Wire):
    gid = pictured(shop)
    seen = statuses(shop, gid)
    for _ in range(2):
        shop.forward(0.6)
        seen += statuses(shop, gid)
    assert seen == ["UPLOADED", "PROCESSING", "READY"]


@naive("media-may-fail")
def test_a_product_without_errors_has_a_picture_that_failed(shop: Wire):
    shop.control("images", fail=["mug"])
    gid = pictured(shop)
    shop.forward()
    (node,) = shop.data(PRODUCT, id=gid)["media"]["nodes"]
    assert (node["status"], node["mediaErrors"][0]["code"]) == ("FAILED", "IMAGE_DOWNLOAD_FAILURE")


@naive("files-by-id")
def test_the_same_picture_by_its_address_is_downloaded_again(shop: Wire):
    gid = pictured(shop)
    first = shop.state.products[gid]["mediaIds"]
    pictured(shop)
    second = shop.state.products[gid]["mediaIds"]
    assert first != second
    shop.set(files=[{"id": second[0]}])
    assert shop.state.products[gid]["mediaIds"] == second


@naive("variant-file-listed")
def test_a_variants_picture_that_the_product_does_not_list(shop: Wire):
    file = {"originalSource": "https://kiln.example/s.jpg"}
    assert put(shop, variants=[sized("S", file=file), sized("M")]) == ["INVALID_INPUT"]
    listed = shop.set(files=[file], variants=[sized("S", file=file), sized("M")])
    variant = shop.state.variants[ids(listed)[0]]
    assert variant["mediaId"] in shop.state.products[variant["productId"]]["mediaIds"]


# --- several variants at once ---


@naive("no-stock-on-variants-update")
def test_a_quantity_on_an_update_of_variants(shop: Wire):
    payload = shop.set(sizes=("S",))
    amount = {"locationId": shop.place, "availableQuantity": 3}
    row = {"id": ids(payload)[0], "inventoryQuantities": [amount]}
    refused = shop.refused(VARIANTS_UPDATE, id=payload["product"]["id"], variants=[row])
    assert refused == ["NO_INVENTORY_QUANTITIES_ON_VARIANTS_UPDATE"]


@naive("sku-on-the-item")
def test_a_sku_on_an_update_of_variants(shop: Wire):
    payload = shop.set(sizes=("S",))
    gid, row = payload["product"]["id"], {"id": ids(payload)[0], "sku": "MUG"}
    body = shop.body(VARIANTS_UPDATE, id=gid, variants=[row])
    assert "Field 'sku' is not defined" in body["errors"][0]["message"]
    right = {"id": row["id"], "inventoryItem": {"sku": "MUG"}}
    shop.done(VARIANTS_UPDATE, id=gid, variants=[right])
    assert shop.data(PRODUCT, id=gid)["variants"]["nodes"][0]["sku"] == "MUG"


@naive("partial-updates")
def test_one_bad_variant_stops_the_good_one(shop: Wire):
    payload = shop.set()
    gid, (good, _) = payload["product"]["id"], ids(payload)
    rows = [{"id": good, "price": "9"}, {"id": "gid://shopify/ProductVariant/1", "price": "9"}]
    assert shop.refused(VARIANTS_UPDATE, id=gid, variants=rows)
    assert shop.state.variants[good]["price"] == "12.50"
    assert shop.refused(VARIANTS_UPDATE, id=gid, variants=rows, partial=True)
    assert shop.state.variants[good]["price"] == "9.00"


@naive("variants-250-a-call")
def test_251_variants_in_one_update(shop: Wire):
    payload = shop.set(sizes=tuple(str(number) for number in range(251)))
    rows = [{"id": gid} for gid in shop.state.variants]
    code = shop.error(VARIANTS_UPDATE, id=payload["product"]["id"], variants=rows)
    assert code == "MAX_INPUT_SIZE_EXCEEDED"


@naive("variants-of-the-product")
def test_a_variant_of_another_product(shop: Wire):
    other = shop.variant()
    gid = shop.set()["product"]["id"]
    refused = shop.refused(VARIANTS_UPDATE, id=gid, variants=[{"id": other, "price": "1"}])
    assert refused == ["PRODUCT_VARIANT_DOES_NOT_EXIST"]


@naive("last-variant-stays")
def test_all_variants_deleted(shop: Wire):
    payload = shop.set()
    refused = shop.refused(VARIANTS_DELETE, id=payload["product"]["id"], ids=ids(payload))
    assert refused == ["CANNOT_DELETE_LAST_VARIANT"]
    assert len(shop.state.variants) == 2


# --- metafields ---


def notes(owner: str, count: int, **given) -> list[dict]:
    return [
        {"ownerId": owner, "namespace": "custom", "key": f"k{number}", "value": "1",
         "type": "single_line_text_field", **given}
        for number in range(count)
    ]  # fmt: skip


@naive("metafields-25-a-call")
def test_26_metafields(shop: Wire):
    gid = shop.product()["id"]
    refused = shop.refused(METAFIELDS_SET, metafields=notes(gid, 26))
    assert refused == ["LESS_THAN_OR_EQUAL_TO"]
    one_bad = [*notes(gid, 2), {**notes(gid, 1)[0], "ownerId": "gid://shopify/Product/1"}]
    assert shop.refused(METAFIELDS_SET, metafields=one_bad)
    assert not shop.data(PRODUCT, id=gid)["metafields"]["nodes"]


@naive("metafield-compare")
def test_a_metafield_written_over_what_changed(shop: Wire):
    gid = shop.product()["id"]
    shop.done(METAFIELDS_SET, metafields=notes(gid, 1))
    refused = shop.refused(METAFIELDS_SET, metafields=notes(gid, 1, compareDigest="of long ago"))
    assert refused == ["STALE_OBJECT"]


@naive("app-namespace")
def test_the_namespace_is_told_under_another_name(shop: Wire):
    gid = shop.set()["product"]["id"]
    (field,) = shop.data(PRODUCT, id=gid)["metafields"]["nodes"]
    assert (field["namespace"], field["key"]) == ("app--1000--hub", "source")


# --- on sale ---


def sold_out_because(wire: Wire, variant: str) -> str:
    answer = wire.client.post(
        "/_sim/checkout", json={"lines": [{"variant_id": variant, "quantity": 1}]}
    )
    assert answer.status_code == 422, answer.text
    return answer.json["error"]


@naive("active-is-not-on-sale")
def test_an_active_product_that_nobody_published(shop: Wire):
    variant = ids(shop.set(sizes=("S",), status="ACTIVE"))[0]
    assert sold_out_because(shop, variant) == "not on sale"


@naive("draft-is-not-sold")
def test_a_published_draft(shop: Wire):
    product = shop.product(status="DRAFT")
    assert sold_out_because(shop, product["variantIds"][0]) == "not on sale"


# --- small print ---


@naive("user-errors-without-code")
def test_codes_are_asked_of_product_update(shop: Wire):
    asked = UPDATE.replace("field message", "field message code")
    assert shop.error(asked, product={"id": "gid://shopify/Product/1"}) == "undefinedField"
    refused = shop.refused(UPDATE, product={"id": "gid://shopify/Product/1"})
    assert refused == ["Product does not exist"]


@naive("search-folds-case")
def test_a_search_by_sku_finds_another_case(shop: Wire):
    for sku in ("mug-1", "MUG-1", "mug-10"):
        shop.product(variants=[{"sku": sku}])
    found = shop.data(SEARCH, q="sku:'MUG-1'")["nodes"]
    assert [node["sku"] for node in found] == ["mug-1", "MUG-1"]


@naive("search-lags")
def test_a_search_right_after_a_change(shop: Wire):
    shop.control("settings", search_lag_s=10)
    shop.product(variants=[{"sku": "NEW"}])
    assert shop.data(SEARCH, q="sku:NEW")["nodes"] == []
    shop.forward(11)
    assert len(shop.data(SEARCH, q="sku:NEW")["nodes"]) == 1


LINE = """
query($id: ID!) {
  order(id: $id) {
    lineItems(first: 5) {
      nodes {
        title
        vendor
        sku
        variant { id }
        originalUnitPriceSet { shopMoney { amount } }
      }
    }
  }
}"""


@naive("line-keeps-its-words")
def test_a_vendor_renamed_after_the_order(shop: Wire):
    product = shop.product(vendor="Kiln")
    order = shop.buy((product["variantIds"][0], 1))
    shop.control("products/change", product_id=product["id"], vendor="Fern", title="Cup")
    shop.control("variants/change", variant_id=product["variantIds"][0], price="99", sku="CUP")
    (line,) = shop.data(LINE, id=order["id"])["lineItems"]["nodes"]
    assert (line["title"], line["vendor"], line["sku"]) == ("Mug", "Kiln", "MUG")
    assert line["originalUnitPriceSet"]["shopMoney"]["amount"] == "12.50"


@naive("line-of-deleted-variant")
def test_a_line_whose_product_was_deleted(shop: Wire):
    product = shop.product()
    order = shop.buy((product["variantIds"][0], 1))
    shop.control("products/delete", product_id=product["id"])
    (line,) = shop.data(LINE, id=order["id"])["lineItems"]["nodes"]
    assert (line["title"], line["variant"]) == ("Mug", None)
