"""The problems of listings: what keeps goods off Shopify, and what became of them there."""

from longshore.domain.problem import FindingKind, Severity, Who

LISTING_KINDS = (
    FindingKind(
        "kept_out_by_rule",
        Severity.NOTE,
        Who.NOBODY,
        "{product} is kept out by the rule: {rule}.",
        "Nothing to do. Change the import rules if it should be sold here.",
    ),
    FindingKind(
        "not_included",
        Severity.NOTE,
        Who.NOBODY,
        "{product} is in none of the rules that let products in.",
        "Nothing to do. Add an import rule if it should be sold here.",
    ),
    FindingKind(
        "title_too_long",
        Severity.WARNING,
        Who.VENDOR,
        "The title of {product} has {length} characters; Shopify takes {limit}.",
        "Shorten the product's name in the shop.",
    ),
    FindingKind(
        "too_many_images",
        Severity.WARNING,
        Who.VENDOR,
        "{product} has {count} images; Shopify takes {limit}.",
        "Remove images in the shop.",
    ),
    FindingKind(
        "weight_unit_unknown",
        Severity.NOTE,
        Who.VENDOR,
        "{vendor}'s shop weighs in {unit}, which Shopify does not know; weights are left out.",
        "Choose kg, g, lbs or oz in the shop's settings.",
    ),
    FindingKind(
        "price_not_positive",
        Severity.WARNING,
        Who.OPERATOR,
        "The price of {product} would be {price} by {rule}.",
        "Change the price rule; nothing is sold at zero or below.",
    ),
    FindingKind(
        "price_held",
        Severity.WARNING,
        Who.OPERATOR,
        "The price of {product} would jump from {before} to {after}.",
        "Let the new price through or ask the vendor; until then the old price stays.",
    ),
    FindingKind(
        "sku_twice",
        Severity.NOTE,
        Who.VENDOR,
        "{count} variants of {vendor} have the SKU {sku}.",
        "Nothing breaks. Give each its own SKU in the shop, so that people can tell them apart.",
    ),
    FindingKind(
        "same_on_shopify",
        Severity.WARNING,
        Who.OPERATOR,
        "{product} seems to be on Shopify already, with the same {what}.",
        "Link it to that product, or say that it is another one.",
    ),
    FindingKind(
        "variant_not_linked",
        Severity.WARNING,
        Who.OPERATOR,
        "The linked product on Shopify has no variant like {variant} of {product}.",
        "Add the variant on Shopify, then link the product again.",
    ),
    FindingKind(
        "edited_on_shopify",
        Severity.NOTE,
        Who.NOBODY,
        "{product} was edited on Shopify ({fields}); the edit is kept.",
        "Nothing to do. Choose the vendor's value again on the product's page if it should return.",
    ),
    FindingKind(
        "put_back_on_shopify",
        Severity.NOTE,
        Who.NOBODY,
        "{product} was changed on Shopify ({fields}); the vendor's values were put back.",
        "Nothing to do. Give the field to the marketplace if edits should stay.",
    ),
    FindingKind(
        "variant_deleted_on_shopify",
        Severity.WARNING,
        Who.OPERATOR,
        "{variant} of {product} was deleted on Shopify and is not sold any more.",
        "Bring it back on the product's page, or leave it deleted.",
    ),
    FindingKind(
        "deleted_on_shopify",
        Severity.WARNING,
        Who.OPERATOR,
        "{product} was deleted on Shopify.",
        "Approve it again to make it anew, or leave it off.",
    ),
    FindingKind(
        "taken_off_on_shopify",
        Severity.WARNING,
        Who.OPERATOR,
        "{product} was taken off sale on Shopify.",
        "Put it on sale again there or here, or leave it off.",
    ),
    FindingKind(
        "variants_daily_limit",
        Severity.WARNING,
        Who.NOBODY,
        "Shopify lets apps add {per_day} variants a day to a shop of this size; {left} wait.",
        "Nothing to do. Publication goes on every day and ends about {finish}.",
    ),
    FindingKind(
        "image_failed",
        Severity.NOTE,
        Who.VENDOR,
        "Shopify could not load an image of {product} ({url}).",
        "Check that the image opens in a browser without signing in.",
    ),
    FindingKind(
        "image_wrong_type",
        Severity.WARNING,
        Who.VENDOR,
        "Shopify does not take an image of {product} of that type ({url}).",
        "Upload it to the shop as JPEG, PNG or WebP.",
    ),
    FindingKind(
        "image_too_large",
        Severity.WARNING,
        Who.VENDOR,
        "An image of {product} is too large for Shopify ({url}).",
        "Upload it to the shop with less than 20 megapixels and 20 MB.",
    ),
)

IMAGE_CODES = {
    "UNSUPPORTED_IMAGE_FILE_TYPE": "image_wrong_type",
    "IMAGE_PROCESSING_FAILURE": "image_wrong_type",
    "INVALID_IMAGE_FILE_SIZE": "image_too_large",
    "INVALID_IMAGE_RESOLUTION": "image_too_large",
    "INVALID_IMAGE_ASPECT_RATIO": "image_too_large",
    "GENERIC_FILE_INVALID_SIZE": "image_too_large",
}
"""Shopify's codes (schema: MediaErrorCode) by what cures them; all others: the file was not had."""
