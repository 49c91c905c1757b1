"""P0, P4 to P6: whether the key is whole, known to the shop, and which way of signing in works."""

import re
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from longshore.domain.findings import Finding
from longshore.domain.replies import Reply, normalized, served_from_cache
from longshore.ports.stores import Signing
from longshore.stores.woocommerce import wire
from longshore.stores.woocommerce.addresses import Addresses
from longshore.stores.woocommerce.dialects import Dialect
from longshore.stores.woocommerce.doctor.asking import Asker, Ends, evidence_of, found
from longshore.stores.woocommerce.signing import Signer

_KEY = re.compile(r"^ck_[0-9a-f]{32}(?:[0-9a-f]{8})?$")
_SECRET = re.compile(r"^cs_[0-9a-f]{32}(?:[0-9a-f]{8})?$")
_SHORT = 20
"""A key this short is the end that WooCommerce's list shows, not the key."""
REFUSED = frozenset({401, 403})
NO_VERB = frozenset({403, 405, 501})
"""How servers turn PUT and DELETE away."""
_AUTHENTICATION = frozenset(
    {"woocommerce_rest_authentication_error", "woocommerce_api_authentication_error"}
)
_FORBIDDEN_CODES = re.compile(r"^woocommerce_(rest_cannot|api_user_cannot)")
_JWT = re.compile(r"^jwt_")


def whole_keys(key: str, secret: str) -> tuple[str, str]:
    """P0: quotes and spaces cut off, swapped ones put right. Raises Ends for what is no key."""
    key, secret = _bare(key), _bare(secret)
    if key.startswith("cs_") and secret.startswith("ck_"):
        key, secret = secret, key
    if key and key == secret:
        raise Ends("D01", which="consumer secret", problem="it is the same as the key")
    for which, value, form in (("consumer key", key, _KEY), ("consumer secret", secret, _SECRET)):
        if not form.match(value):
            raise Ends("D01", which=which, problem=_problem(value))
    return key, secret


def _bare(text: str) -> str:
    return text.strip().strip("\"'`<>“”„").strip()


def _problem(value: str) -> str:
    if not value:
        return "it is empty"
    if len(value) < _SHORT:
        return f"it has only {len(value)} characters, like the end that the list of keys shows"
    if not value.startswith(("ck_", "cs_")):
        return "it does not begin with ck_ or cs_"
    return f"it has {len(value)} characters in place of 43, or others than WooCommerce uses"


@dataclass(slots=True)
class Rung:
    """One step of the ladder and what it brought."""

    way: Signing
    reply: Reply


@dataclass(slots=True)
class KeyExam:
    """Examines one key at one API. `offset_s` is the shop's clock minus ours."""

    asker: Asker
    addresses: Addresses
    dialect: Dialect
    key: str
    secret: str
    may_use_query: bool
    notes: list[Finding] = field(default_factory=list[Finding])
    unsigned: Reply | None = None

    def is_open(self) -> None:
        """P4: without a key the orders must be closed."""
        reply = self.unsigned = self._plain(self._orders())
        if reply.status == 200 and isinstance(reply.data, list | dict) and not reply.code:  # noqa: PLR2004 - HTTP
            if served_from_cache(reply):
                self.notes.append(found("D45", **evidence_of(reply)))
            else:
                self.notes.append(found("D33", **evidence_of(reply)))

    def is_known(self) -> bool | None:
        """P5: whether the shop knows the key, told by the difference between two wrong signatures;
        None where it cannot be told. Sends no secret.
        """
        real = self._wrongly_signed(self.key)
        made_up = self._wrongly_signed(f"ck_{secrets.token_hex(20)}")
        if not real.is_json or not made_up.is_json:
            return None
        if normalized(real) != normalized(made_up):
            return True
        # Over https the old APIs look at no OAuth parameters; then both answers mean nothing.
        looked_at = real.code in _AUTHENTICATION
        looked_at = looked_at and not (self.dialect.legacy and self._over_tls)
        return False if looked_at else None

    def climb(self, *, known: bool | None) -> Signing:
        """P6: the first way of signing in that works. Raises Ends with the cause when none does."""
        rungs: list[Rung] = []
        for way in self._ways():
            reply = self._at_the_door(way)
            if self._lets_in(reply):
                self._note_rungs(way, rungs)
                return way
            if reply.status == 403 and _FORBIDDEN_CODES.match(reply.code):  # noqa: PLR2004 - HTTP
                raise Ends("D40", code=reply.code)
            if reply.code.startswith("woocommerce_api_user_cannot"):
                raise Ends("D40", code=reply.code)
            rungs.append(Rung(way, reply))
            if self._right_but_write_only(way, reply):
                raise Ends("D39b", code=reply.code)
        raise self._fallen(rungs, known=known)

    def signed(
        self,
        way: Signing,
        method: str,
        path: str,
        params: Mapping[str, str],
        content: bytes | None = None,
        *,
        guarded: bool = True,
    ) -> Reply:
        """A signed request below the dialect's root."""
        route = f"{self.dialect.root}/{path}"
        return self.signed_route(way, method, route, params, content, guarded=guarded)

    def signed_route(
        self,
        way: Signing,
        method: str,
        route: str,
        params: Mapping[str, str],
        content: bytes | None = None,
        *,
        guarded: bool = False,
    ) -> Reply:
        """A signed request anywhere in the shop's API."""
        target = self.addresses.route(route, params)
        # The old API verifies an overridden method's signature as that method (recordings).
        signed_as = target.params.get("_method", method) if self.dialect.legacy else method
        signer = Signer(
            self.key,
            self.secret,
            way,
            self.dialect.bare_secret,
            self.asker.clock_offset_s or 0.0,
        )
        made = signer.sign(signed_as, target)
        headers = dict(made.headers)
        if content is not None:
            headers["Content-Type"] = "application/json"
        return self.asker.ask(method, made.url, headers, content, guarded=guarded)

    def _at_the_door(self, way: Signing) -> Reply:
        """What tells whether this way gets in. The old API shows empty lists to who may read none;
        only their count is refused (measured on 2.2.0 to 3.5.8).
        """
        if self.dialect.legacy:
            return self.signed(way, "GET", "orders/count", {})
        return self.signed(way, "GET", "orders", self._orders())

    def _orders(self) -> dict[str, str]:
        names = self.dialect.names
        return {names.limit: "1", names.fields: "id"}

    def _plain(self, params: Mapping[str, str]) -> Reply:
        target = self.addresses.route(f"{self.dialect.root}/orders", params)
        query = "&".join(f"{name}={value}" for name, value in target.params.items())
        return self.asker.ask("GET", f"{target.url}?{query}")

    def _wrongly_signed(self, key: str) -> Reply:
        target = self.addresses.route(f"{self.dialect.root}/orders", {})
        signer = Signer(
            key, "cs_not_the_secret", Signing.OAUTH, offset_s=self.asker.clock_offset_s or 0.0
        )
        return self.asker.ask("GET", signer.sign("GET", target).url, guarded=False)

    @property
    def _over_tls(self) -> bool:
        return self.addresses.base.startswith("https://")

    def _ways(self) -> Iterator[Signing]:
        """The old API reads signatures where it believes to be on http, and from no header."""
        over_tls, legacy = self._over_tls, self.dialect.legacy
        if over_tls:
            yield Signing.BASIC
        if not (over_tls and legacy):
            yield Signing.OAUTH
        if over_tls and self.addresses.home.startswith("https://"):
            yield Signing.OAUTH_HTTP
        if not legacy:
            yield Signing.OAUTH_HEADER
        if over_tls and self.may_use_query:
            yield Signing.QUERY

    def _lets_in(self, reply: Reply) -> bool:
        """Positive evidence only: an answer of the expected shape."""
        if reply.status != 200 or reply.code:  # noqa: PLR2004 - HTTP
            return False
        if self.dialect.legacy:
            return wire.integer(wire.mapping(reply.data).get("count")) is not None
        return isinstance(reply.data, list)

    def _note_rungs(self, way: Signing, failed: list[Rung]) -> None:
        """What the rungs below say about the shop."""
        over_tls = self._over_tls
        if any(_JWT.match(rung.reply.code) for rung in failed):
            code = next(rung.reply.code for rung in failed if _JWT.match(rung.reply.code))
            self.notes.append(found("D14", code=code))
        elif over_tls and way in {Signing.OAUTH, Signing.QUERY}:
            self.notes.append(found("D35", host=self.addresses.host))
        elif over_tls and way is Signing.OAUTH_HTTP:
            self.notes.append(found("D36", host=self.addresses.host))
        offset = self.asker.clock_offset_s or 0.0
        if abs(offset) > CLOCK_NOTED_S:
            minutes = round(abs(offset) / 60)
            self.notes.append(found("D38", host=self.addresses.host, minutes=minutes))

    def _right_but_write_only(self, way: Signing, reply: Reply) -> bool:
        """A key that may only write is refused on reading, with the code of a wrong secret."""
        if reply.code not in _AUTHENTICATION or way not in {Signing.BASIC, Signing.OAUTH}:
            return False
        tried = write_probe(self, way)
        if self.dialect.legacy:
            return tried.is_json and bool(tried.code) and tried.code not in _AUTHENTICATION
        return tried.status == 200 and tried.is_json and not tried.code  # noqa: PLR2004 - HTTP

    def _fallen(self, rungs: list[Rung], *, known: bool | None) -> Ends:
        """Why no rung held."""
        first = rungs[0].reply
        pages = [rung.reply for rung in rungs if rung.reply.is_page or not rung.reply.is_json]
        if known is False:
            return Ends("D34", host=self.addresses.host)
        if pages and len(pages) < len(rungs) and pages[0].status in REFUSED:
            return Ends("D25", **evidence_of(pages[0]))
        if len(pages) == len(rungs):
            return Ends("D00", **evidence_of(first))
        return self._of_the_key(rungs, known=known)

    def _of_the_key(self, rungs: list[Rung], *, known: bool | None) -> Ends:
        """What is wrong with the key, since every rung was refused by the shop itself."""
        first, host = rungs[0].reply, self.addresses.host
        if known is None and self._over_tls:
            made_up = normalized(self._made_up())
            if self.dialect.legacy and self.unsigned and made_up == normalized(self.unsigned):
                # A key that nobody has would be called unknown, had it arrived.
                return Ends("D35x", host=host)
            known = normalized(first) != made_up
        if known and any(rung.reply.code in _AUTHENTICATION for rung in rungs):
            return Ends("D37", host=host)
        return Ends("D34", host=host) if known is not None else Ends("D41", **evidence_of(first))

    def _made_up(self) -> Reply:
        """The answer to a key that nobody has, signed the plain way."""
        key = f"ck_{secrets.token_hex(20)}"
        stranger = replace(self, key=key, secret=f"cs_{secrets.token_hex(20)}")
        path, params = ("orders/count", {}) if self.dialect.legacy else ("orders", self._orders())
        return stranger.signed(Signing.BASIC, "GET", path, params, guarded=False)


CLOCK_NOTED_S = 120.0


def write_probe(exam: KeyExam, way: Signing) -> Reply:
    """P8: a write that makes nothing: an empty batch, or a change of a product that cannot be."""
    if exam.dialect.legacy:
        path, body = f"products/{NOBODYS_ID}", b'{"product":{}}'
        reply = exam.signed(way, "PUT", path, {}, body, guarded=False)
        if reply.is_json or reply.status not in NO_VERB:
            return reply
        return exam.signed(way, "POST", path, {"_method": "PUT"}, body, guarded=False)
    return exam.signed(way, "POST", "orders/batch", {}, b"{}", guarded=False)


NOBODYS_ID = 2147483646
