"""A request of the old API as its routes see it, its answers and its errors."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from simulators.woocommerce.faults.faults import Faults
from simulators.woocommerce.jsonish import Json, as_list, as_object, as_text
from simulators.woocommerce.legacy.rules import Rules, Speech
from simulators.woocommerce.settings import MAY_MANAGE, ApiKey
from simulators.woocommerce.shop import Shop
from simulators.woocommerce.webhooks import Webhook

AUTHENTICATION = "woocommerce_api_authentication_error"
MOST_AT_ONCE = 100


class LegacyError(Exception):
    """`code` without its beginning. `status` 200 where the API forgets to send one."""

    keeps_capitals = False

    def __init__(self, code: str, message: str, status: int) -> None:
        super().__init__(message)
        self.code = code if code.startswith("woocommerce_") else f"woocommerce_api_{code}"
        self.message = message
        self.status = status

    def told(self, rules: Rules) -> Json:
        """Later releases write sentences, and less of it in capitals."""
        message = self.message
        if rules.ends_sentences and _is_sentence(self):
            words = message if self.keeps_capitals else _WORDS.sub(_lower, message)
            message = f"{words}."
        return {"code": self.code, "message": message}


def _lower(match: re.Match[str]) -> str:
    return match[0].lower()


_WORDS = re.compile(r"(?<=Consumer )(Key|Secret)|(?<=Invalid )Signature")
_SENTENCES = frozenset(
    {
        "The SKU already exists on another product",
        "Unable to accept more than 100 items for this request",
        "Webhook topic is required and must be valid",
        "Product is invalid",
        "Product quantity must be a positive float",
        "Product quantity is required",
        "Provided order currency is invalid",
        "Shipping total must be a positive amount",
        "Shipping method ID is required",
        "Customer ID is invalid",
        "Refund amount is required",
        "Refund amount must be positive",
        "An order refund with the provided ID could not be found",
        "Webhook topic must be valid",
    }
)


def _is_sentence(error: LegacyError) -> bool:
    if error.code == AUTHENTICATION:
        return not error.message.endswith("parameter is missing")
    return error.message in _SENTENCES


@dataclass(slots=True)
class Answer:
    body: Json
    status: int = 200
    headers: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    after: list[Callable[[], None]] = field(default_factory=list[Callable[[], None]])


def deleted(name: str, *, force: bool = True) -> Answer:
    """`force`: not only into the trash."""
    if force:
        return Answer({"message": f"Permanently deleted {name}"})
    return Answer({"message": f"Deleted {name}"}, 202)


@dataclass(slots=True)
class Request:
    """`query`: parameters as PHP nests them. `data`: the JSON body, None where none can be read.
    `uri`: path and query as sent, which links repeat. `settles_after_s`: see rest.
    """

    shop: Shop
    speech: Speech
    faults: Faults
    ping: Callable[[Webhook], None]
    method: str
    uri: str
    query: Json
    data: Any
    key: ApiKey | None
    secure: bool
    agent: str = ""
    settles_after_s: float | None = None
    path: dict[str, str] = field(default_factory=dict[str, str])

    @property
    def rules(self) -> Rules:
        return self.speech.rules

    @property
    def trusted(self) -> bool:
        return self.key is not None and self.key.role in MAY_MANAGE

    @property
    def filter(self) -> Json:
        return as_object(self.query.get("filter"))

    @property
    def fields(self) -> str:
        return as_text(self.query.get("fields"))

    @property
    def wants_meta(self) -> bool:
        return self.filter.get("meta") == "true"

    def id(self, name: str = "id") -> int:
        return int(self.path[name])

    def envelope(self, name: str, to: str = "create") -> Json:
        """The object of a write. Before 2.4 what stands outside of it is silently dropped."""
        data = as_object(self.data)
        if name not in data and self.rules.needs_envelope:
            message = f"No {name} data specified to {to} {name}"
            raise LegacyError(f"missing_{name}_data", message, 400)
        return as_object(data.get(name))

    def many(self, name: str) -> list[Json]:
        """The objects of a write of several; `name`: their plural."""
        data = as_object(self.data)
        if name not in data:
            message = f"No {name} data specified to create/edit {name}"
            raise LegacyError(f"missing_{name}_data", message, 400)
        items = [as_object(one) for one in as_list(data[name])]
        if len(items) > MOST_AT_ONCE:
            message = f"Unable to accept more than {MOST_AT_ONCE} items for this request"
            raise LegacyError(f"{name}_request_entity_too_large", message, 413)
        return items


def nested(pairs: Sequence[tuple[str, str]]) -> Json:
    """The query as PHP reads it: `filter[limit]` becomes an object inside."""
    found: Json = {}
    for name, value in pairs:
        head, bracket, rest = name.partition("[")
        if not bracket:
            found[head] = value
            continue
        inner = as_object(found.get(head))
        inner[rest.partition("]")[0] or str(len(inner))] = value
        found[head] = inner
    return found


def chosen(body: Json, fields: str) -> Json:
    """`fields` over the answer's object. Of what lies deeper one place each can be named; that is
    compared with the names inside, so of a list nothing but its first item is ever kept (PHP 7
    takes the number 0 for every word).
    """
    if not fields:
        return body
    names = fields.split(",")
    deeper = dict(name.split(".")[:2] for name in names if "." in name)
    found: Json = {}
    for name, value in body.items():
        if name in deeper and isinstance(value, dict | list):
            kept = deeper.values()
            found[name] = (
                value[:1]
                if isinstance(value, list)
                else {key: item for key, item in as_object(value).items() if key in kept}
            )
        elif name in names:
            found[name] = value
    return found


def denied(verb: str, what: str) -> LegacyError:
    """`verb`: read, edit, create, delete. `what` may be a plural or a count."""
    thing = what.replace("_", " ")
    kind = f"this {thing}"
    if verb == "create":
        kind = f"{thing}s"
    elif what.endswith("_count"):
        kind = f"the {thing}"
    message = f"You do not have permission to {verb} {kind}"
    return LegacyError(f"user_cannot_{verb}_{what}", message, 401)


def not_there(rules: Rules, what: str, row_id: int, *, other: bool = False) -> LegacyError:
    """`other`: there is something with that id, but it is something else."""
    if rules.says_not_found and not other:
        message = f"No {what} found with the ID equal to {row_id}"
        return LegacyError(f"no_{what}_found", message, 404)
    return LegacyError(f"invalid_{what}", f"Invalid {what}", 404)
