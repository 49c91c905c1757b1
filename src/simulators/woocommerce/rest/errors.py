"""Errors of the REST API, shaped as WordPress prints them."""

from collections.abc import Sequence
from typing import Any

from simulators.woocommerce.jsonish import Json, as_object


class RestError(Exception):
    """`data`: what `data` holds beside or instead of the status (refunds print a bare number)."""

    def __init__(self, code: str | int, message: str, status: int, data: Any = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.status = status
        self.data = data

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
    """One parameter's complaint; `where` names the place inside it for wrong types."""

    def __init__(self, code: str, message: str, where: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.where = where


def invalid(found: dict[str, InvalidParams]) -> RestError:
    """400 rest_invalid_param, naming all at once."""
    names = ", ".join(found)
    details = {
        name: {
            "code": one.code,
            "message": one.message,
            "data": {"param": one.where} if one.where else None,
        }
        for name, one in found.items()
    }
    params = {name: one.message for name, one in found.items()}
    data = {"params": params, "details": details}
    return RestError("rest_invalid_param", f"Invalid parameter(s): {names}", 400, data)


def missing(names: Sequence[str]) -> RestError:
    message = f"Missing parameter(s): {', '.join(names)}"
    return RestError("rest_missing_callback_param", message, 400, {"params": list(names)})


def no_route() -> RestError:
    message = "No route was found matching the URL and request method."
    return RestError("rest_no_route", message, 404)


def invalid_id(kind: str, status: int = 404) -> RestError:
    """`kind`: product, product_variation, shop_order, shop_webhook ..."""
    return RestError(f"woocommerce_rest_{kind}_invalid_id", "Invalid ID.", status)


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
