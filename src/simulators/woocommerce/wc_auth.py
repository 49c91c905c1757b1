"""`/wc-auth/v1/...`: the pages on which a shop's owner lets an application have a key."""

import hashlib
import html
import re
import secrets
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, quote, quote_plus, urlsplit

from simulators.woocommerce.exchange import Exchange, Reply, page
from simulators.woocommerce.pages import HTML, refusal, sent_on
from simulators.woocommerce.settings import MAY_MANAGE
from simulators.woocommerce.shop import Shop
from simulators.woocommerce.webhooks import Sender
from simulators.woocommerce.wire.common import php_json

PARAMS = ("app_name", "user_id", "return_url", "callback_url", "scope")
SCOPES = {"read": "Read", "write": "Write", "read_write": "Read/Write"}
COOKIE = "wordpress_logged_in_simulated"
PERMISSIONS = {
    "read": ("View coupons", "View customers", "View orders and sales reports", "View products"),
    "write": (
        "Create webhooks",
        "Create coupons",
        "Create customers",
        "Create orders",
        "Create products",
    ),
    "read_write": (
        "Create webhooks",
        "View and manage coupons",
        "View and manage customers",
        "View and manage orders and sales reports",
        "View and manage products",
    ),
}


class Refused(Exception):  # noqa: N818 - an answer, not a mistake
    """What WooCommerce tells the person."""


@dataclass(slots=True)
class WcAuth:
    """`sessions`: cookie -> name of who is signed in. The shop's people are in `settings.users`."""

    shop: Shop
    send: Sender
    sessions: dict[str, str] = field(default_factory=dict[str, str])

    def answer(self, exchange: Exchange, route: str, plain: bool) -> Reply:  # noqa: FBT001 - a mode
        """`plain`: addressed by query, as plain permalinks need it."""
        given = dict(parse_qsl(exchange.query, keep_blank_values=True))
        try:
            params = _checked(given)
            match route:
                case "login":
                    return self._login(exchange, params)
                case "access_granted":
                    return self._granted(exchange, given, params)
                case _:
                    return self._authorize(exchange, params, plain=plain)
        except Refused as problem:
            return refusal(self.shop.settings.version, f"Error: {problem}")

    def _user(self, exchange: Exchange) -> str | None:
        found = re.search(rf"{COOKIE}=([0-9a-f]+)", exchange.headers.get("cookie", ""))
        return self.sessions.get(found[1]) if found else None

    def _authorize(self, exchange: Exchange, params: dict[str, str], *, plain: bool) -> Reply:
        user = self._user(exchange)
        if user is None:
            given = {name: quote(value, safe="") for name, value in params.items()}
            query = "&".join(f"{name}={value}" for name, value in given.items())
            base = f"{self.shop.home}/?wc-auth/v1=login&" if plain else self._address("login") + "?"
            return sent_on(self.shop.settings.version, 302, base + query)
        if self.shop.settings.users[user][1] not in MAY_MANAGE:
            raise Refused("You do not have permission to access this page.")
        app = html.escape(params["app_name"])
        rows = "".join(f"\t\t\t<li>{row}</li>\n" for row in PERMISSIONS[params["scope"]])
        approve = _attribute(
            f"{self._address('access_granted')}?{_query(params)}&wc_auth_nonce={self._nonce(params)}"
        )
        deny = _attribute(_returned(params, success=False))
        host = html.escape(urlsplit(params["callback_url"]).hostname or "")
        return _auth_page(
            f"<h1>\n\t{app} would like to connect to your store</h1>\n\n"
            f"<p>\n\tThis will give &quot;<strong>{app}</strong>&quot; "
            f"<strong>{SCOPES[params['scope']]}</strong> access which will allow it to:</p>\n\n"
            f'<ul class="wc-auth-permissions">\n{rows}\t</ul>\n\n'
            f"<p>\n\tApproving will share credentials with <strong>{host}</strong>.</p>\n\n"
            f'<p class="wc-auth-actions">\n\t<a href="{approve}" class="button button-primary'
            f' wc-auth-approve">Approve</a>\n'
            f'\t<a href="{deny}" class="button wc-auth-deny">Deny</a>\n</p>\n'
        )

    def _login(self, exchange: Exchange, params: dict[str, str]) -> Reply:
        target = f"{self._address('authorize')}?{_query(params)}"
        if exchange.method == "POST":
            form = dict(parse_qsl(exchange.body.decode(errors="replace"), keep_blank_values=True))
            known = self.shop.settings.users.get(form.get("username", ""))
            if known is not None and known[0] == form.get("password"):
                token = secrets.token_hex(16)
                self.sessions[token] = form["username"]
                cookie = ("Set-Cookie", f"{COOKIE}={token}; path=/; HttpOnly")
                return sent_on(self.shop.settings.version, 302, target, cookie)
        app, deny = html.escape(params["app_name"]), _attribute(_returned(params, success=False))
        return _auth_page(
            f"<h1>\n\t{app} would like to connect to your store</h1>\n\n"
            f"<p>\n\tTo connect to {app} you need to be logged in. Log in to your store below, or"
            f' <a href="{deny}">cancel and return to {app}</a></p>\n\n'
            '<form method="post" class="wc-auth-login">\n'
            '\t<input type="text" class="input-text" name="username" id="username" required />\n'
            '\t<input class="input-text" type="password" name="password" required />\n'
            '\t<button type="submit" class="button wc-auth-login-button" name="login"'
            ' value="Login">Login</button>\n'
            f'\t<input type="hidden" name="redirect" value="{_attribute(target)}" />\n</form>\n'
        )

    def _granted(self, exchange: Exchange, given: dict[str, str], params: dict[str, str]) -> Reply:
        """Makes the key, sends it, and takes it back unless the answer is exactly 200."""
        user = self._user(exchange)
        if user is None or given.get("wc_auth_nonce") != self._nonce(params):
            raise Refused("Invalid nonce verification")
        role = self.shop.settings.users[user][1]
        if role not in MAY_MANAGE:
            raise Refused("You do not have permission to access this page.")
        with self.shop.lock:
            key = self.shop.add_key(params["scope"], role, params["app_name"])
        body = php_json(
            {
                "key_id": key.id,
                "user_id": params["user_id"],
                "consumer_key": key.key,
                "consumer_secret": key.secret,
                "key_permissions": params["scope"],
            }
        )
        version = self.shop.settings.version.wordpress
        headers = {
            "User-Agent": f"WordPress/{version}; {self.shop.home}",
            "Content-Type": "application/json;charset=UTF-8",
        }
        status = self.send(params["callback_url"], headers, body)
        if status == 200:  # noqa: PLR2004 - 204 is not enough
            return sent_on(self.shop.settings.version, 302, _returned(params, success=True))
        with self.shop.lock:
            self.shop.keys.remove(key)
        if status == 0:
            parts = urlsplit(params["callback_url"])
            port = parts.port or 443
            raise Refused(
                f"cURL error 7: Failed to connect to {parts.hostname} port {port} after 0 ms:"
                " Couldn't connect to server."
            )
        raise Refused(
            "An error occurred in the request and at the time were unable to send the consumer"
            " data."
        )

    def _address(self, route: str) -> str:
        return f"{self.shop.home}/wc-auth/v1/{route}/"

    def _nonce(self, params: dict[str, str]) -> str:
        text = f"{params['app_name']} {params['scope']} {self.shop.home}"
        return hashlib.sha1(text.encode()).hexdigest()[:10]  # noqa: S324 - shape only


def _checked(given: dict[str, str]) -> dict[str, str]:
    """In the order WooCommerce keeps them. `user_id` loses what is no part of a slug."""
    for name in PARAMS:
        if not given.get(name):
            raise Refused(f"Missing parameter {name}")
    if given["scope"] not in SCOPES:
        raise Refused(f"Invalid scope {given['scope']}")
    for name in ("return_url", "callback_url"):
        if urlsplit(given[name]).scheme not in {"http", "https"}:
            raise Refused(f"The {name} is not a valid URL")
    if not given["callback_url"].startswith("https://"):
        raise Refused("The callback_url needs to be over SSL.")
    params = {name: given[name] for name in PARAMS}
    params["user_id"] = re.sub(r"[^A-Za-z0-9_@. -]", "", params["user_id"])
    return params


def _query(params: dict[str, str]) -> str:
    return "&".join(f"{name}={quote_plus(value)}" for name, value in params.items())


def _returned(params: dict[str, str], *, success: bool) -> str:
    address = params["return_url"]
    mark = "&" if "?" in address else "?"
    return f"{address}{mark}success={int(success)}&user_id={quote_plus(params['user_id'])}"


def _attribute(address: str) -> str:
    return address.replace("&", "&#038;").replace('"', "%22")


def _auth_page(text: str) -> Reply:
    head = (
        '<!DOCTYPE html>\r\n<html lang="en-US">\r\n<head>\r\n'
        '\t<meta name="robots" content="noindex, nofollow" />\r\n'
        "\t<title>Application authentication request</title>\r\n</head>\r\n"
        '<body class="wc-auth wp-core-ui">\r\n\t<div class="wc-auth-content">\n\n'
    )
    return page(200, f"{head}{text}\n\t\t</div>\n\t</body>\n</html>\n", kind=HTML)
