"""Errors of the REST API, shaped as WordPress prints them."""

from collections.abc import Sequence
from typing import Any

from simulators.woocommerce.jsonish import Json, as_object
from simulators.woocommerce.wordpress import WordPress


class RestError(Exception):
    """`data`: what `data` holds beside or instead of the status (refunds print a bare number)."""

    def __init__(self, code: str | int, message: str, status: int, data: Any = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.status = status
        self.data = data
        self.headers: dict[str, str] = {}

    def body(self) -> Json:
        more = self.data
        plain = more is None or isinstance(more, dict)
        shown = {"status": self.status, **as_object(more)} if plain else self.data
        return {"code": self.code, "message": self.message, "data": shown}


class CriticalError(RestError):
    """A PHP fatal error in the middle of a REST request."""

    def __init__(self) -> None:
        message = (
            "<p>There has been a critical error on this website.</p><p>"
            '<a href="https://wordpress.org/documentation/article/faq-troubleshooting/">'
            "Learn more about troubleshooting WordPress.</a></p>"
        )
        super().__init__("internal_server_error", message, 500)

    def body(self) -> Json:
        return {**super().body(), "additional_errors": []}


class InvalidParams(Exception):  # noqa: N818 - collected, then raised as one RestError
    """One parameter's complaint; `where` names the place inside it for wrong types, `words` what
    would have been right.
    """

    def __init__(self, code: str, message: str, where: str = "", words: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.where = where
        self.words = words

    def told(self, wp: WordPress) -> str:
        if not self.words:
            return self.message if wp.ends_sentences else self.message.removesuffix(".")
        words = joined(self.words) if wp.and_in_lists else ", ".join(self.words)
        return f"{self.message} {words}{'.' if wp.ends_sentences else ''}"


def joined(words: Sequence[str]) -> str:
    """As WordPress lists words: a comma before "and", but not between two."""
    if len(words) < 3:  # noqa: PLR2004 - a pair
        return " and ".join(words)
    return ", ".join(words[:-1]) + f", and {words[-1]}"


def invalid(found: dict[str, InvalidParams], wp: WordPress) -> RestError:
    """400 rest_invalid_param, naming all at once."""
    names = ", ".join(found)
    details = {
        name: {
            "code": one.code,
            "message": one.told(wp),
            "data": {"param": one.where} if one.where else None,
        }
        for name, one in found.items()
    }
    data: Json = {"params": {name: one.told(wp) for name, one in found.items()}}
    if wp.param_details:
        data["details"] = details
    return RestError("rest_invalid_param", f"Invalid parameter(s): {names}", 400, data)


def missing(names: Sequence[str]) -> RestError:
    message = f"Missing parameter(s): {', '.join(names)}"
    return RestError("rest_missing_callback_param", message, 400, {"params": list(names)})


def no_route(wp: WordPress) -> RestError:
    message = "No route was found matching the URL and request method"
    return RestError("rest_no_route", f"{message}." if wp.ends_no_route else message, 404)


_DENIED = {
    "view": "Sorry, you cannot list resources.",
    "view_one": "Sorry, you cannot view this resource.",
    "create": "Sorry, you are not allowed to create resources.",
    "edit": "Sorry, you are not allowed to edit this resource.",
    "delete": "Sorry, you are not allowed to delete this resource.",
    "batch": "Sorry, you are not allowed to batch manipulate this resource.",
}


def denied(what: str, *, stranger: bool) -> RestError:
    """401 for nobody, 403 for somebody without the right."""
    code = f"woocommerce_rest_cannot_{what.partition('_')[0]}"
    return RestError(code, _DENIED[what], 401 if stranger else 403)
