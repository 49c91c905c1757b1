"""What a rule is: a sentence, and where it is known from."""

from dataclasses import dataclass

SCHEMA, DOCS, MEASURED, OTHERS, INFERRED = "S", "D", "M", "3", "I"
MARKS = {
    SCHEMA: "Shopify's own schema 2026-10 says so; the place names the type, field or code",
    DOCS: "Shopify's documentation or changelog says so",
    MEASURED: "measured on figures that others noted of live shops",
    OTHERS: "others have seen it on live shops",
    INFERRED: "assumed: nobody could be asked, and a development shop has to show it",
}


@dataclass(frozen=True, slots=True)
class Rule:
    name: str
    mark: str
    where: str
    """The source; of an assumption, what speaks for it."""
    says: str

    @property
    def inferred(self) -> bool:
        return self.mark == INFERRED
