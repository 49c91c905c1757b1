"""Parameters of routes: declared in tables, checked the way WordPress checks them."""

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from simulators.woocommerce.jsonish import Json, as_list, as_object, truth
from simulators.woocommerce.rest.dates import moment
from simulators.woocommerce.rest.errors import InvalidParams, invalid, missing
from simulators.woocommerce.wordpress import WordPress

EMAIL = re.compile(r"^[\w.!#$%&'*+/=?^`{|}~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$")
BOOLEANS = frozenset({"true", "false", "0", "1"})


@dataclass(frozen=True, slots=True)
class Param:
    """`kind`: integer, number, boolean, string, date, email, array (of `items`), object (with
    `properties`), mixed or untyped, which are not checked. `nullable`: null is fine too.
    """

    kind: str = "string"
    default: Any = None
    enum: tuple[str, ...] = ()
    minimum: int | None = None
    maximum: int | None = None
    items: "Param | None" = None
    properties: "Mapping[str, Param]" = field(default_factory=dict[str, "Param"])
    required: bool = False
    nullable: bool = False

    def described(self) -> Json:
        """As the index prints it among the `args` of a route."""
        body: Json = {"type": {"date": "string", "email": "string"}.get(self.kind, self.kind)}
        if self.kind == "untyped":
            body = {}
        if self.kind in {"date", "email"}:
            body["format"] = "date-time" if self.kind == "date" else "email"
        for name in ("default", "minimum", "maximum"):
            if getattr(self, name) is not None:
                body[name] = getattr(self, name)
        if self.enum:
            body["enum"] = list(self.enum)
        if self.items is not None:
            body["items"] = {k: v for k, v in self.items.described().items() if k != "required"}
        if self.properties:
            body["properties"] = {
                name: {k: v for k, v in one.described().items() if k != "required"}
                for name, one in self.properties.items()
            }
        return {**body, "required": self.required}


INTEGERS = Param("array", items=Param("integer"))
STRINGS = Param("array", items=Param())
Params = Mapping[str, Param]


def one_of(*words: str) -> Param:
    return Param("array", items=Param(enum=words))


def check(declared: Params, given: Json, wp: WordPress) -> Json:
    """The given values, cast, with defaults. Raises RestError naming every missing or wrong one.
    An old WordPress takes lists and objects of a body as they come, and cuts fractions off.
    """
    absent = [name for name, param in declared.items() if param.required and name not in given]
    if absent:
        raise missing(absent)
    found: Json = {name: value for name, value in given.items() if name not in declared}
    wrong: dict[str, InvalidParams] = {}
    for name, param in declared.items():
        if name not in given:
            if param.default is not None:
                found[name] = param.default
            continue
        try:
            found[name] = _early(param, given[name], wp)
            if found[name] is None:
                found[name] = cast_value(param, name, given[name])
        except InvalidParams as error:
            wrong[name] = error
    if wrong:
        raise invalid(wrong, wp)
    return found


def _early(param: Param, value: Any, wp: WordPress) -> Any:
    """What an old WordPress makes of a value without looking closely; None: it looks."""
    if not wp.looks_into_lists and (param.kind == "object" or _holds_objects(param)):
        return as_object(value) if isinstance(value, dict) else as_list(value)
    if wp.plain_integers and param.kind == "integer" and (number := _float(value)) is not None:
        return _bounded(param, "", int(number)) if param.maximum is None else None
    return None


def _holds_objects(param: Param) -> bool:
    return param.items is not None and param.items.kind == "object"


def cast_value(param: Param, where: str, value: Any) -> Any:
    """Raises InvalidParams."""
    if value is None and param.nullable:
        return None
    return _CASTS[param.kind](param, where, value)


def _wrong_type(where: str, kind: str) -> InvalidParams:
    return InvalidParams("rest_invalid_type", f"{where} is not of type {kind}.", where)


def _float(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        found = float(value)
    except ValueError:
        return None
    return found if math.isfinite(found) else None


def _integer(param: Param, where: str, value: Any) -> int:
    found = _float(value)
    if found is None or found != int(found):
        raise _wrong_type(where, "integer")
    return _bounded(param, where, int(found))


def _number(_: Param, where: str, value: Any) -> float:
    found = _float(value)
    if found is None:
        raise _wrong_type(where, "number")
    return found


def _boolean(_: Param, where: str, value: Any) -> bool:
    known = isinstance(value, bool) or (isinstance(value, int) and value in {0, 1})
    if not known and not (isinstance(value, str) and value.lower() in {*BOOLEANS, ""}):
        raise _wrong_type(where, "boolean")
    return truth(value)


def _bounded(param: Param, where: str, value: int) -> int:
    low, high = param.minimum, param.maximum
    if low is not None and high is not None:
        if not low <= value <= high:
            message = f"{where} must be between {low} (inclusive) and {high} (inclusive)"
            raise InvalidParams("rest_out_of_bounds", message)
    elif low is not None and value < low:
        message = f"{where} must be greater than or equal to {low}"
        raise InvalidParams("rest_out_of_bounds", message)
    return value


def _array(param: Param, where: str, value: Any) -> list[Any]:
    if isinstance(value, list):
        items = as_list(value)
    elif isinstance(value, dict):
        raise _wrong_type(where, "array")
    else:
        items = [item.strip() for item in str(value).split(",") if item.strip()]
    kind = param.items or Param("mixed")
    return [cast_value(kind, f"{where}[{place}]", item) for place, item in enumerate(items)]


def _object(param: Param, where: str, value: Any) -> Json:
    if not isinstance(value, dict):
        if value in ("", []):
            return {}
        raise _wrong_type(where, "object")
    given = as_object(value)
    return {
        name: cast_value(param.properties[name], f"{where}[{name}]", item)
        if name in param.properties
        else item
        for name, item in given.items()
    }


def _email(_: Param, where: str, value: Any) -> str:
    if not isinstance(value, str):
        raise _wrong_type(where, "string")
    if not EMAIL.match(value):
        raise InvalidParams("rest_invalid_email", "Invalid email address.")
    return value


def _string(param: Param, where: str, value: Any) -> str:
    if not isinstance(value, str):
        raise _wrong_type(where, "string")
    if param.enum and value not in param.enum:
        message = f"{where} is not one of"
        raise InvalidParams("rest_not_in_enum", message, words=param.enum)
    return value


def _date(_: Param, _where: str, value: Any) -> str:
    text = str(value)
    if "T" not in text or moment(text) is None:
        raise InvalidParams("rest_invalid_date", "Invalid date.")
    return text


_CASTS: dict[str, Callable[[Param, str, Any], Any]] = {
    "mixed": lambda _param, _where, value: value,
    "untyped": lambda _param, _where, value: value,
    "integer": _integer,
    "number": _number,
    "boolean": _boolean,
    "array": _array,
    "object": _object,
    "date": _date,
    "email": _email,
    "string": _string,
}
