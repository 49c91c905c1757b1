"""The problems of goods on their way: shipped or not, told or not, in time or not."""

from longshore.domain.problem import FindingKind, Severity, Who

SHIPPING_KINDS = (
    FindingKind(
        "vendor_wrote",
        Severity.WARNING,
        Who.OPERATOR,
        "{vendor} writes about {order}: \u201c{text}\u201d.",
        "Answer on the order's page. The vendor sees it with the order, and gets a letter.",
    ),
    FindingKind(
        "order_reopened",
        Severity.WARNING,
        Who.OPERATOR,
        "{vendor} took {order} back to \u201c{status}\u201d after it was shipped.",
        "Ask the vendor whether the goods left. Shopify still shows them as shipped; cancel the"
        " shipment there if they did not.",
    ),
    FindingKind(
        "tracking_withdrawn",
        Severity.WARNING,
        Who.VENDOR,
        "The parcel number {number} of {order} is no longer in {vendor}'s shop.",
        "Ask the vendor for the right number. Until then the buyer keeps the old one.",
    ),
    FindingKind(
        "tracking_suggested",
        Severity.WARNING,
        Who.OPERATOR,
        "A note on {order} in {vendor}'s shop looks like a parcel: {carrier} {number}.",
        "Use the number if it is one. The buyer gets it then.",
    ),
    FindingKind(
        "fulfillment_on_hold",
        Severity.WARNING,
        Who.OPERATOR,
        "{vendor} shipped {order}, but Shopify holds it back.",
        "Release the hold in Shopify. The shipment is told by itself then.",
    ),
    FindingKind(
        "late_to_accept",
        Severity.WARNING,
        Who.OPERATOR,
        "{order} is not in {vendor}'s shop after {hours} hours.",
        "See on the order what holds it up.",
    ),
    FindingKind(
        "late_to_ship",
        Severity.WARNING,
        Who.VENDOR,
        "{vendor} is {days} days late with {order}.",
        "Ask {vendor} when it ships. They get a reminder every day.",
    ),
    FindingKind(
        "tracking_missing",
        Severity.WARNING,
        Who.VENDOR,
        "{vendor} shipped {order} without a parcel number {days} days ago.",
        "Ask {vendor} for the number. Once it stands in their shop it is told by itself.",
    ),
)
