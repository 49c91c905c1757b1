"""What differs between generations of the REST API, as data."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Dialect:
    """`root` is under the site's address; the field lists are what `_fields` asks for."""

    name: str
    root: str
    product_fields: str
    variation_fields: str
    stock_fields: str
    order_fields: str
