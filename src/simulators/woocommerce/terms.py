"""Categories, tags, brands, shipping classes, attributes and their terms."""

import itertools
from collections.abc import Iterable
from dataclasses import dataclass, field

from simulators.woocommerce.texts import slug_of, unaccented

CATEGORIES = ("Uncategorized", "Clothing", "Men", "Shirts", "Trousers", "Women", "Dresses", "Tops",
              "Home & Garden", "Kitchen", "Garden", "Toys", "Électronique", "Câbles")  # fmt: skip
PARENTS = {17: 16, 18: 17, 19: 17, 20: 16, 21: 20, 22: 20, 24: 23, 25: 23, 28: 27}
COUNTS = {28: 41, 16: 200, 21: 44}
TAGS = ("new", "sale", "eco", "handmade", "größe", "日本")
ATTRIBUTES = {
    1: ("Color", ("Red", "Green", "Blue", "Black", "White", "Écru")),
    2: ("Size", ("XS", "S", "M", "L", "XL", "XXL")),
    3: ("Material", ("Cotton", "Linen", "Wool")),
}


@dataclass(slots=True, eq=False)
class Term:
    id: int
    name: str
    slug: str
    parent: int = 0
    description: str = ""
    count: int = 0


@dataclass(slots=True)
class Terms:
    """`rows` by taxonomy, then by id. An attribute is a term of the taxonomy `attributes`; its own
    terms are those of `attributes/<id>`.
    """

    rows: dict[str, dict[int, Term]] = field(default_factory=dict[str, dict[int, Term]])
    ids: "itertools.count[int]" = field(default_factory=lambda: itertools.count(52))

    def of(self, taxonomy: str) -> dict[int, Term]:
        return self.rows.setdefault(taxonomy, {})

    def sorted(self, taxonomy: str) -> list[Term]:
        return sorted(self.of(taxonomy).values(), key=lambda term: unaccented(term.name).lower())

    def add(self, taxonomy: str, name: str, parent: int = 0, description: str = "") -> Term:
        term = Term(next(self.ids), name, slug_of(name), parent, description)
        self.of(taxonomy)[term.id] = term
        return term

    def by_slug(self, taxonomy: str, slug: str) -> Term | None:
        return next((term for term in self.of(taxonomy).values() if term.slug == slug), None)


def recorded_terms() -> Terms:
    terms = Terms()
    _fill(terms, "categories", CATEGORIES, 15)
    for number, parent in PARENTS.items():
        terms.of("categories")[number].parent = parent
    _fill(terms, "tags", TAGS, 29)
    _fill(terms, "shipping_classes", ("Standard", "Bulky"), 50)
    for term_id, count in COUNTS.items():
        terms.of("categories")[term_id].count = count
    terms.of("tags")[31].count = 44
    next_id = 35
    for number, (name, options) in ATTRIBUTES.items():
        terms.of("attributes")[number] = Term(number, name, f"pa_{slug_of(name)}")
        _fill(terms, f"attributes/{number}", options, next_id)
        next_id += len(options)
    terms.of("attributes/1")[38].count, terms.of("attributes/1")[37].count = 9, 19
    return terms


def _fill(terms: Terms, taxonomy: str, names: Iterable[str], first_id: int) -> None:
    for term_id, name in enumerate(names, first_id):
        terms.of(taxonomy)[term_id] = Term(term_id, name, slug_of(name))
