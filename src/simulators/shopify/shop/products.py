"""Products: productSet with its list replacement, field-wise updates, publishing, deletion."""

import re
from typing import Any

from simulators.shopify import payloads
from simulators.shopify.rows import Row, UserErrors, only
from simulators.shopify.shop import media, metafields, variants
from simulators.shopify.shop.variant_checks import (
    check_options,
    check_set,
    folded,
    make_room,
    shown,
    values_of,
)
from simulators.shopify.state import State

SCALARS = ("title", "status", "descriptionHtml", "vendor", "productType")
KNOWN = frozenset({*SCALARS, "tags", "handle", "seo", "files", "metafields", "productOptions",
                   "variants", "giftCard", "id", "redirectNewHandle"})  # fmt: skip
KNOWN_UPDATE = frozenset({*SCALARS, "tags", "handle", "seo", "metafields", "id"})


def product_set(state: State, identifier: Row | None, data: Row, *, by_app: bool = True) -> Row:
    """Upsert. Lists that are given replace what was there; fields left out stay as they are."""
    only(data, KNOWN, "productSet.input")
    product = _find(state, identifier, data)
    _check(state, product, data)
    if by_app:
        where = ["input", "variants"]
        new = _new_variants(state, product, data)
        make_room(state, new, lambda text: UserErrors((where, text, "INVALID_INPUT")))
    is_new = product is None
    if product is None:
        product = _new(state, data)
    _write_scalars(state, product, data)
    if data.get("metafields") is not None:
        metafields.replace(state, product, data["metafields"])
    files: list[Row] = data.get("files") or []
    if "files" in data:
        before = product["mediaIds"]
        product["mediaIds"] = media.attach(state, files, ["input", "files"])
        media.forget(state, [gid for gid in before if gid not in product["mediaIds"]])
    if data.get("variants") is not None:
        _replace_variants(state, product, data)
    elif is_new:
        _standalone(state, product)
    touch(state, product, "PRODUCTS_CREATE" if is_new else "PRODUCTS_UPDATE")
    return {"product": product}


def touch(state: State, product: Row, topic: str = "PRODUCTS_UPDATE") -> None:
    product["updatedAt"] = state.clock.now()
    state.tell(topic, product["id"], lambda: payloads.product(state, product))


# --- finding and checking ---


def _find(state: State, identifier: Row | None, data: Row) -> Row | None:
    if not identifier:
        return _by_id(state, data["id"], ["input", "id"]) if data.get("id") else None
    if data.get("id"):
        raise UserErrors(
            (["input", "id"], "The id field is not allowed if identifier is provided.",
             "ID_NOT_ALLOWED")
        )  # fmt: skip
    if identifier.get("id"):
        return _by_id(state, identifier["id"], ["identifier", "id"])
    if identifier.get("handle"):
        return _by_handle(state, identifier["handle"], data)
    custom: Row = identifier["customId"]
    found = metafields.by_custom_id(state, custom)
    _must_carry(custom, data)
    return found


def _by_id(state: State, gid: str, where: list[str]) -> Row:
    product = state.products.get(gid)
    if product is None:
        raise UserErrors((where, "Product does not exist", "PRODUCT_DOES_NOT_EXIST"))
    return product


def _by_handle(state: State, handle: str, data: Row) -> Row | None:
    if not data.get("handle"):
        raise UserErrors((["input", "handle"], "Handle is required.", "MISSING_FIELD_REQUIRED"))
    if data["handle"] != handle:
        raise UserErrors(
            (["input", "handle"], "The identifier does not match the input.", "INPUT_MISMATCH")
        )
    return state.products.get(state.handles.get(handle, ""))


def _must_carry(custom: Row, data: Row) -> None:
    """The metafield that identifies must be in the input as well."""
    given: list[Row] | None = data.get("metafields")
    if not given:
        raise UserErrors(
            (["input", "metafields"], "The metafield of the identifier is required.",
             "MISSING_FIELD_REQUIRED")
        )  # fmt: skip
    name = metafields.full_name(custom)
    values = [str(one.get("value")) for one in given if metafields.full_name(one) == name]
    if values != [custom["value"]]:
        raise UserErrors(
            (["identifier", "customId"], "The metafield must match the identifier.",
             "METAFIELD_MISMATCH")
        )  # fmt: skip


def _check(state: State, product: Row | None, data: Row) -> None:
    """Everything that may be wrong, before anything is written."""
    named = data.get("title", None if product is None else product["title"])
    if not str(named or "").strip():
        raise UserErrors((["input", "title"], "Title can't be blank", "INVALID_PRODUCT"))
    handle = data.get("handle")
    if handle and state.handles.get(handle, "") not in {"", product["id"] if product else ""}:
        raise UserErrors((["input", "handle"], "Handle already in use.", "HANDLE_NOT_UNIQUE"))
    metafields.check(state, product, data.get("metafields") or [], ["input", "metafields"])
    options, given = data.get("productOptions"), data.get("variants")
    if (options is None) != (given is None):
        missing = "PRODUCT_OPTIONS_INPUT_MISSING" if options is None else "VARIANTS_INPUT_MISSING"
        raise UserErrors((["input"], "Options and variants come together.", missing))
    if options is None or given is None:
        return
    check_options(options)
    check_set(state, options, given)
    _check_ids(product, given)
    _check_files(data, given)


def _new_variants(state: State, product: Row | None, data: Row) -> int:
    """How many variants the call will make."""
    given: list[Row] | None = data.get("variants")
    if given is None:
        return 0 if product else 1
    old = [state.variants[gid] for gid in product["variantIds"]] if product else []
    kept = {folded(shown(row)) for row in old}
    return sum(1 for one in given if not one.get("id") and folded(values_of(one)) not in kept)


def _check_ids(product: Row | None, given: list[Row]) -> None:
    old: list[str] = product["variantIds"] if product else []
    for index, one in enumerate(given):
        if one.get("id") and one["id"] not in old:
            raise UserErrors(
                (["input", "variants", str(index), "id"], "Product variant does not exist",
                 "PRODUCT_VARIANT_DOES_NOT_EXIST")
            )  # fmt: skip


def _check_files(data: Row, given: list[Row]) -> None:
    files: list[Row] = data.get("files") or []
    ids = {one.get("id") for one in files if one.get("id")}
    sources = {one.get("originalSource") for one in files if one.get("originalSource")}
    for index, one in enumerate(given):
        file = one.get("file")
        if file and file.get("id") not in ids and file.get("originalSource") not in sources:
            raise UserErrors(
                (["input", "variants", str(index), "file"],
                 "A variant's file must also be in the product's files.", "INVALID_INPUT")
            )  # fmt: skip


# --- writing ---


def _new(state: State, data: Row) -> Row:
    now = state.clock.now()
    product = state.add(
        state.products,
        "Product",
        {"title": "", "handle": "", "status": "ACTIVE", "descriptionHtml": "", "vendor": "",
         "tags": [], "productType": "", "variantIds": [], "publishedOn": [], "mediaIds": [],
         "options": [], "createdAt": now, "updatedAt": now},
    )  # fmt: skip
    if data.get("giftCard"):
        product["isGiftCard"] = True
    return product


def _write_scalars(state: State, product: Row, data: Row) -> None:
    for name in SCALARS:
        if data.get(name) is not None:
            product[name] = data[name]
    if data.get("tags") is not None:
        product["tags"] = tags(data["tags"])
    if data.get("seo") is not None:
        product["seo"] = {**(product.get("seo") or {}), **data["seo"]}
    wanted = data.get("handle")
    if wanted or not product["handle"]:
        _name(state, product, wanted or _free_handle(state, product["title"]))


def tags(given: list[str]) -> list[str]:
    """Each once, whatever its case, in alphabetical order (assumption `tags-sorted`)."""
    found: dict[str, str] = {}
    for one in given:
        for part in str(one).split(","):
            if part.strip():
                found.setdefault(part.strip().casefold(), part.strip())
    return sorted(found.values(), key=str.casefold)


def _name(state: State, product: Row, handle: str) -> None:
    state.handles.pop(product["handle"], None)
    product["handle"] = handle
    state.handles[handle] = product["id"]


def _free_handle(state: State, text: str) -> str:
    base = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-") or "product"
    handle, number = base, 0
    while handle in state.handles:
        number += 1
        handle = f"{base}-{number}"
    return handle


def _replace_variants(state: State, product: Row, data: Row) -> None:
    """Variants keep their identity by id, or by identical option values; those not named go."""
    old = {gid: state.variants[gid] for gid in product["variantIds"]}
    by_values = {folded(shown(row)): row for row in old.values()}
    product["options"] = _options(state, product, data["productOptions"])
    files: list[Row] = data.get("files") or []
    kept: list[str] = []
    for given in data["variants"]:
        row = old.get(given["id"]) if given.get("id") else by_values.get(folded(values_of(given)))
        if row is None or row["id"] in kept:
            row = variants.make(state, product, given)
        picture = (
            media.of_variant(given["file"], product["mediaIds"], files)
            if given.get("file")
            else None
        )
        variants.write(state, row, given, picture)
        kept.append(row["id"])
    product["variantIds"] = kept
    for gid in set(old) - set(kept):
        variants.forget(state, gid)


def _options(state: State, product: Row, given: list[Row]) -> list[Row]:
    """Options and their values keep their ids by name."""
    before = {one["name"]: one for one in product["options"]}
    found: list[Row] = []
    for one in sorted(given, key=lambda row: row.get("position") or 0):
        known = before.get(one["name"])
        ids = {value["name"]: value["id"] for value in known["values"]} if known else {}
        found.append(
            {
                "id": known["id"] if known else state.new_id("ProductOption"),
                "name": one["name"],
                "values": [
                    {"id": ids.get(value["name"]) or state.new_id("ProductOptionValue"),
                     "name": value["name"]}
                    for value in one["values"]
                ],
            }
        )  # fmt: skip
    return found


def _standalone(state: State, product: Row) -> None:
    """A product that nobody gave variants has one."""
    value = {"name": variants.DEFAULT}
    product["options"] = _options(state, product, [{"name": variants.TITLE, "values": [value]}])
    row = variants.make(state, product, {})
    variants.write(
        state, row, {"optionValues": [{"optionName": variants.TITLE, "name": variants.DEFAULT}]}
    )


def update(state: State, data: Row) -> Row:
    """productUpdate: what is not named stays as it is."""
    only(data, KNOWN_UPDATE, "productUpdate.product")
    product = state.products.get(data.get("id") or "")
    if product is None:
        raise UserErrors((["id"], "Product does not exist", None))
    if "title" in data and not str(data["title"] or "").strip():
        raise UserErrors((["title"], "Title can't be blank", None))
    handle = data.get("handle")
    if handle and state.handles.get(handle, "") not in {"", product["id"]}:
        raise UserErrors((["handle"], "Handle has already been taken", None))
    _write_scalars(state, product, data)
    for one in data.get("metafields") or ():
        metafields.write(state, product, one)
    touch(state, product)
    return {"product": product}


def delete(state: State, gid: str) -> Row:
    product = state.products.pop(gid, None)
    if product is None:
        raise UserErrors((["id"], "Product does not exist", None))
    for variant in product["variantIds"]:
        variants.forget(state, variant)
    metafields.forget(state, product)
    media.forget(state, product["mediaIds"])
    state.handles.pop(product["handle"], None)
    state.tell("PRODUCTS_DELETE", gid, lambda: payloads.gone(gid))
    return {"deletedProductId": gid}


def publish(state: State, gid: str, targets: list[Row], *, on: bool) -> Row:
    product = state.products.get(gid)
    if product is None:
        raise UserErrors((["id"], "Resource does not exist", None))
    for target in targets:
        only(target, {"publicationId"}, "publishablePublish.input")
        place = target["publicationId"]
        if place not in state.publications:
            raise UserErrors((["input", "publicationId"], "Publication does not exist", None))
        there: list[Any] = product["publishedOn"]
        if on and place not in there:
            there.append(place)
            product.setdefault("publishedAt", state.clock.now())
        elif not on and place in there:
            there.remove(place)
    touch(state, product)
    return {}
