"""Compare a listing with what Shopify shows: which of our writes arrived, what people edited there,
what they deleted.
"""

from collections.abc import Mapping, Sequence

from longshore.domain.findings import Finding
from longshore.domain.folding import folded
from longshore.domain.listing import MEDIA, Field, Said, Step, Value, Values, Writing, after, same
from longshore.domain.ownership import PRODUCT, Edits, find_edits
from longshore.ports.ledger.listings import ON, ListingSource
from longshore.ports.ledger.publication import Compared
from longshore.ports.publishing import MadeVariant, ShownListing, ShownVariant
from longshore.sync.draft_listing import known_of, own_of

NOT_SHOWN = frozenset({Field.METAFIELDS, Field.IMAGE, Field.IMAGES, Field.OPTION_NAMES})
"""Fields whose values are not read back, so that they prove nothing."""


def compare_listing(
    source: ListingSource, shown: ShownListing, sent: Sequence[tuple[Step, Said]] = ()
) -> Compared:
    """`sent` are writes whose answer was lost, oldest first."""
    matched = match_variants(source, shown.variants, [said for _, said in sent])
    raw = Said(shown.values, {key: one.values for key, one in matched.items()})
    known, arrived = known_of(source), list[bool]()
    for step, said in sent:
        arrived.append(_shows(raw, said, step))
        if arrived[-1]:
            known = after(known, Writing(step, said))
    known = _with_media(known, shown)
    edits = find_edits(
        _without_echo(_said(known.product, shown, matched), known, source),
        known,
        own_of(source),
        source.vendor.policy.owners,
        linked=source.listing is not None and source.listing.linked,
    )
    removed = tuple(
        one.key
        for one in source.variants
        if one.variant_gid and one.key not in matched and not one.removed
    )
    return Compared(
        source=source,
        known=edits.known,
        own=edits.own,
        variants={
            key: MadeVariant(one.variant_id, one.inventory_item_id, ())
            for key, one in matched.items()
        },
        removed=removed,
        arrived=tuple(arrived),
        findings=_findings(source, edits, removed),
        image_errors={one.media_id: one.error for one in shown.images if one.error},
        product_id=shown.product_id,
        switches={key: (one.tracked, one.oversell) for key, one in matched.items()},
    )


def match_variants(
    source: ListingSource, shown: Sequence[ShownVariant], sent: Sequence[Said] = ()
) -> dict[int, ShownVariant]:
    """Which of our listing variants each is: by its id, else by the options it was sent with."""
    by_id = {one.variant_id: one for one in shown}
    found = {
        one.key: by_id[one.variant_gid]
        for one in source.variants
        if one.key and one.variant_gid in by_id
    }
    taken = {one.variant_id for one in found.values()}
    by_options = {_folded(one.values): one for one in shown if one.variant_id not in taken}
    for said in sent:
        for key, values in said.variants.items():
            if key not in found and Field.OPTIONS in values and _folded(values) in by_options:
                found[key] = by_options.pop(_folded(values))
    return found


def _folded(values: Values) -> tuple[str, ...]:
    options: list[str] = values[Field.OPTIONS]
    return tuple(folded(value) for value in options)


def _with_media(known: Said, shown: ShownListing) -> Said:
    """Images whose ids were lost with an answer stand in the order in which they were sent."""
    mine: Sequence[Sequence[str]] = known.product.get(Field.IMAGES) or ()
    if not mine or known.product.get(MEDIA) or len(mine) > len(shown.images):
        return known
    media = {one[0]: image.media_id for one, image in zip(mine, shown.images, strict=False)}
    return Said({**known.product, MEDIA: media}, known.variants)


def _said(known: Values, shown: ShownListing, matched: Mapping[int, ShownVariant]) -> Said:
    """What Shopify shows, in the form in which we remember what we wrote."""
    product = dict(shown.values)
    product[Field.IMAGES] = _images(known, shown)
    ours: list[str] = known.get(Field.TAGS) or []
    there = {tag.casefold() for tag in shown.values[Field.TAGS]}
    product[Field.TAGS] = [tag for tag in ours if tag.casefold() in there]
    return Said(product, {key: one.values for key, one in matched.items()})


def _images(known: Values, shown: ShownListing) -> list[list[str]]:
    """Ours by the addresses they came from, those of other people without one."""
    media: Mapping[str, str] = known.get(MEDIA) or {}
    addresses = {gid: url for url, gid in media.items()}
    mine: Sequence[Sequence[str]] = known.get(Field.IMAGES) or ()
    texts = {one[0]: one[1] for one in mine}
    found: list[list[str]] = []
    for one in shown.images:
        url = addresses.get(one.media_id, "")
        if url in texts or not url:  # the rest are pictures of variants
            found.append([url, texts.get(url, one.alt)])
    return found


def _shows(now: Said, said: Said, step: Step) -> bool:
    """Whether Shopify shows what was sent."""

    def fields(values: Values, there: Values) -> bool:
        return all(
            name in NOT_SHOWN or _arrived(name, value, there.get(name), step)
            for name, value in values.items()
        )

    return fields(said.product, now.product) and all(
        key in now.variants and fields(one, now.variants[key]) for key, one in said.variants.items()
    )


def _arrived(name: str, sent: Value, there: Value, step: Step) -> bool:
    if name != Field.TAGS:
        return same(name, sent, there)
    shown = {tag.casefold() for tag in there or ()}
    wanted = {tag.casefold() for tag in sent}
    return not wanted & shown if step is Step.TAGS_REMOVE else True


def _without_echo(now: Said, known: Said, source: ListingSource) -> Said:
    """Where Shopify showed our own words a little differently, nobody edited them."""
    echoed: Values = source.listing.echoed if source.listing else {}
    product = {
        name: known.product[name]
        if name in echoed and name in known.product and same(name, value, echoed[name])
        else value
        for name, value in now.product.items()
    }
    return Said(product, now.variants)


def _findings(source: ListingSource, edits: Edits, removed: Sequence[int]) -> tuple[Finding, ...]:
    product = source.product.name
    found: list[Finding] = []
    off = {Field.ON_SALE, Field.STATUS}
    kept = dict.fromkeys(name for key, name in edits.kept if key != PRODUCT or name not in off)
    if kept:
        evidence = {"product": product, "fields": ", ".join(kept)}
        found.append(Finding("edited_on_shopify", evidence))
    if off & {name for key, name in edits.kept if key == PRODUCT} and _is_on(source):
        found.append(Finding("taken_off_on_shopify", {"product": product}))
    put_back = dict.fromkeys(name for _, name in edits.put_back)
    if put_back:
        evidence = {"product": product, "fields": ", ".join(put_back)}
        found.append(Finding("put_back_on_shopify", evidence))
    for one in source.variants:
        if one.key in removed:
            shown = " / ".join(one.known.get(Field.OPTIONS) or ()) or one.variant.sku
            evidence = {"product": product, "variant": shown or str(one.variant.variation_id)}
            found.append(Finding("variant_deleted_on_shopify", evidence))
    return tuple(found)


def _is_on(source: ListingSource) -> bool:
    return source.listing is not None and source.listing.state in ON
