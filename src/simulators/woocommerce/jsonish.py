"""JSON as Python values, read without trusting its shape. Part of the simulated shop."""

from typing import Any, TypeAlias, cast

Json: TypeAlias = dict[str, Any]


def as_object(value: Any) -> Json:
    """The value if it is a JSON object, else an empty one."""
    return cast("Json", value) if isinstance(value, dict) else {}


def as_list(value: Any) -> list[Any]:
    """The value if it is a JSON list, else an empty one."""
    return cast("list[Any]", value) if isinstance(value, list) else []


def as_int(value: Any, default: int = 0) -> int:
    """What PHP's absint-like reading makes of an id: digits of a string count, junk does not."""
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, int | float):
        return int(value)
    if isinstance(value, str):
        try:
            return int(value.strip())
        except ValueError:
            return default
    return default


def as_text(value: Any) -> str:
    """A scalar as PHP prints it; None is empty."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else ""
    return str(value)


def truth(value: Any) -> bool:
    """What WordPress makes of a boolean parameter."""
    if isinstance(value, str):
        return value.strip().lower() not in {"", "0", "false", "no"}
    return bool(value)
