"""What is true about a site's answers: what each of them says of the machinery it came through.
Decided on structure (status, headers, JSON codes), never on words, which are translated.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum


class Trouble(StrEnum):
    """Why there is no answer at all. TIMEOUT: nobody opens the door. SLOW: the request was taken,
    but no answer comes.
    """

    NONE = ""
    NO_NAME = "no_name"
    PRIVATE = "private"
    REFUSED = "refused"
    TIMEOUT = "timeout"
    SLOW = "slow"
    CUT = "cut"
    CHAIN = "certificate_chain"
    EXPIRED = "certificate_expired"
    OTHER_NAME = "certificate_name"
    SELF_SIGNED = "certificate_self_signed"
    TLS = "tls"
    ENDLESS = "endless"


CERTIFICATE = frozenset(
    {Trouble.CHAIN, Trouble.EXPIRED, Trouble.OTHER_NAME, Trouble.SELF_SIGNED, Trouble.TLS}
)


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer, or why there is none. Header names are lower-case; `text` is the beginning of
    the body, `data` its JSON where it has one; `junk_before` is what stood before the JSON.
    """

    url: str
    status: int = 0
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    text: str = ""
    data: object = None
    junk_before: str = ""
    elapsed_s: float = 0.0
    trouble: Trouble = Trouble.NONE

    @property
    def is_json(self) -> bool:
        return self.data is not None

    @property
    def is_page(self) -> bool:
        """Whether it is a web page for people."""
        head = self.text[:1000].lower()
        html = "text/html" in self.headers.get("content-type", "")
        return not self.is_json and (html or "<html" in head or "<!doctype" in head)

    @property
    def code(self) -> str:
        """The error code of a JSON answer, today's or the old APIs', "" where it has none."""
        found = self.data
        if isinstance(found, dict) and "errors" in found:
            found = found["errors"]  # pyright: ignore[reportUnknownVariableType]
            if isinstance(found, list):
                found = found[0] if found else None  # pyright: ignore[reportUnknownVariableType]
        code = found.get("code") if isinstance(found, dict) else None  # pyright: ignore[reportUnknownVariableType, reportUnknownMemberType]
        return code if isinstance(code, str) else ""

    def header_has(self, name: str, part: str) -> bool:
        return part in self.headers.get(name, "").lower()

    def says(self, *marks: str) -> bool:
        """Whether a product's own mark (a name, never a sentence) stands in the body."""
        body = self.text.lower()
        return any(mark in body for mark in marks)


Predicate = Callable[[Reply], bool]

FORBIDDEN = 403
NOT_ACCEPTABLE = 406
SECURITY_INCIDENT = 455
"""A host's own code for what its firewall turned away."""
_BLOCKS = frozenset({401, 403, 406, 410, 429, 444, 451, 455, 501, 503})
CLOUDFLARE_ORIGIN = frozenset({*range(520, 528), 530})
"""Codes with which Cloudflare says that it cannot reach the shop's own server."""


def _cloudflare(reply: Reply) -> bool:
    return "cf-ray" in reply.headers or reply.header_has("server", "cloudflare")


def _blocked(reply: Reply) -> bool:
    return reply.status in _BLOCKS and not reply.is_json


def _challenged(reply: Reply) -> bool:
    if reply.header_has("cf-mitigated", "challenge"):
        return True
    puzzle = reply.says("challenge-platform", "cf-chl")
    return reply.status in {403, 503} and _cloudflare(reply) and puzzle


def _bot_shield(reply: Reply) -> bool:
    if reply.says("imunify360") or reply.header_has("server", "imunify360"):
        return True
    return _blocked(reply) and reply.says("bitninja", "quic.cloud")


def _server_rule(reply: Reply) -> bool:
    if reply.is_json or reply.status not in {403, NOT_ACCEPTABLE, 501}:
        return False
    return reply.status == NOT_ACCEPTABLE or reply.says("mod_security", "modsecurity")


def _sucuri(reply: Reply) -> bool:
    named = "x-sucuri-id" in reply.headers or reply.says("sucuri website firewall", "sucuri.net")
    return reply.status == FORBIDDEN and named


def _captcha(reply: Reply) -> bool:
    return reply.header_has("sg-captcha", "challenge") or reply.says("/.well-known/sgcaptcha/")


_NAMED_PLUGINS = {
    "WP Cerber": ("wp cerber", "cerber security"),
    "NinjaFirewall": ("ninjafirewall",),
    "All-In-One Security": ("all-in-one-wp-security", "aiowps"),
    "Shield Security": ("wp-simple-firewall", "shield security"),
}


def plugin_that_blocks(reply: Reply) -> str:
    """The security plugin that names itself on the page with which it turns us away, if any."""
    if not _blocked(reply):
        return ""
    return next((name for name, marks in _NAMED_PLUGINS.items() if reply.says(*marks)), "")


FIREWALLS: Sequence[tuple[str, Predicate]] = (
    ("D20", _challenged),
    ("D22", lambda r: r.status in CLOUDFLARE_ORIGIN),
    ("D23", _captcha),
    ("D24", lambda r: r.status in {403, 503} and r.says("wordfence")),
    ("D27", _sucuri),
    ("D28", _bot_shield),
    ("D29", _server_rule),
    ("D30", lambda r: r.status == SECURITY_INCIDENT),
    ("D26x", lambda r: bool(plugin_that_blocks(r))),
    ("D21", lambda r: r.status == FORBIDDEN and _cloudflare(r) and not r.is_json),
)
"""In the order they are looked at: (verdict, what gives it away)."""


def firewall(reply: Reply) -> str | None:
    """The verdict of the firewall or bot shield that answered in place of the shop, if one did."""
    for verdict, gives_away in FIREWALLS:
        if gives_away(reply):
            return verdict
    return None


def in_maintenance(reply: Reply) -> bool:
    """WordPress while it updates itself (503 wp_die with Retry-After), or a page that says the shop
    opens later.
    """
    if reply.status == 503:  # noqa: PLR2004 - HTTP
        return reply.code == "wp_die" or "retry-after" in reply.headers
    return reply.status == 200 and reply.is_page and reply.says("seedprod", "coming-soon-page")  # noqa: PLR2004


CACHES = ("x-litespeed-cache", "x-wc-cache", "cf-cache-status", "x-cache", "x-proxy-cache")
"""Headers in which caches between us and the shop say whether they answered."""


def served_from_cache(reply: Reply) -> bool:
    """Whether something between us and the shop answered from memory."""
    headers = reply.headers
    hit = any(headers.get(name, "").lower().startswith("hit") for name in CACHES)
    age = headers.get("age", "0")
    return hit or (age.isdecimal() and int(age) > 0)


def page_for_everything(reply: Reply, home: Reply) -> bool:
    """Whether the home page came where something else was asked for."""
    both = reply.status == home.status == 200  # noqa: PLR2004 - HTTP
    return both and reply.is_page and reply.text[:_COMPARED] == home.text[:_COMPARED]


_COMPARED = 1000


def opens_later(reply: Reply) -> bool:
    """Whether a page stands in for a shop that is not open yet."""
    return reply.says(
        "seedprod", "coming-soon", "coming soon", "maintenance-mode", "wp-maintenance"
    )


def platform_named(reply: Reply) -> str:
    """The shop system a page says it was made with, "" when it says none that we know."""
    for name, marks in _PLATFORMS.items():
        if reply.says(*marks):
            return name
    return ""


_PLATFORMS = {
    "Shopify": ("cdn.shopify.com", "shopify.theme"),
    "Wix": ("wix.com website builder", "static.wixstatic.com"),
    "Magento": ("mage/cookies", "magento_"),
    "Squarespace": ("static1.squarespace.com", "squarespace-cdn.com"),
    "PrestaShop": ('content="prestashop"', "prestashop ="),
    "Etsy": ("etsystatic.com",),
    "Facebook": ("static.xx.fbcdn.net",),
}


def normalized(reply: Reply) -> tuple[int, str, str]:
    """What of an answer tells two causes apart: status, code, and its message as it is; compared
    with another answer of the same shop, so the language does not matter.
    """
    message = ""
    found = reply.data
    if isinstance(found, dict):
        inner = found.get("errors", found)  # pyright: ignore[reportUnknownVariableType, reportUnknownMemberType]
        if isinstance(inner, list):
            inner = inner[0] if inner else {}  # pyright: ignore[reportUnknownVariableType]
        if isinstance(inner, dict):
            message = str(inner.get("message", ""))  # pyright: ignore[reportUnknownMemberType, reportUnknownArgumentType]
    return reply.status, reply.code, message
