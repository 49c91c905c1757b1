"""P0 to P3: from what was typed to the address of the shop's API, without any key."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

from longshore.domain.findings import Finding
from longshore.domain.replies import Reply, Trouble, served_from_cache
from longshore.domain.verdicts import legacy_switch
from longshore.ports.errors import Rejected
from longshore.ports.stores import AddressForm
from longshore.stores.woocommerce import wire
from longshore.stores.woocommerce.addresses import Addresses, site_address
from longshore.stores.woocommerce.doctor.asking import Asker, Ends, evidence_of, found
from longshore.stores.woocommerce.doctor.capabilities import number
from longshore.stores.woocommerce.doctor.dead_ends import TURNED_AWAY, broken, no_shop, unreachable

MOST_HOPS = 5
AS_BROWSERS_SAY = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
"""Said once, to learn whether our own name is what a host dislikes; never to get in."""
REDIRECTS = frozenset({301, 302, 303, 307, 308})
_API_LINK = re.compile(r'<([^<>]+)>\s*;\s*rel="?https://api\.w\.org/"?')
_HTML_LINK = re.compile(r"""<link[^>]+rel=['"]https://api\.w\.org/['"][^>]+href=['"]([^'"]+)""")
_OTHER_PLACES = re.compile(r"(^|\.)(facebook|etsy|instagram|amazon|ebay)\.[a-z.]+$")
_OLD_ROOTS = (
    ("v3", AddressForm.PRETTY),
    ("v2", AddressForm.PRETTY),
    ("v3", AddressForm.QUERY),
    ("v2", AddressForm.QUERY),
    ("v1", AddressForm.PRETTY),
)
_GENERATOR = re.compile(r"""content=['"]WooCommerce (\d+\.\d+[\d.]*)""")
OLDEST = (2, 2)
V3_FROM = (2, 4)
_CLOSED = re.compile(r"^(rest_|api_)|authenticated")


@dataclass(slots=True)
class Whereabouts:
    """Where the API is. `namespaces` are those of today's API, () where there is only the old
    one; `store` is what the old API's index says of the shop; `release` what its page says.
    """

    addresses: Addresses
    name: str = ""
    timezone: str = ""
    namespaces: tuple[str, ...] = ()
    legacy: str = ""
    store: Mapping[str, object] = field(default_factory=dict[str, object])
    closed: str = ""
    release: str = ""
    notes: list[Finding] = field(default_factory=list[Finding])


def clean_address(given: str) -> str:
    """P0. Raises Ends."""
    try:
        site = site_address(given)
    except Rejected:
        raise Ends("D02", given=given.strip()[:200]) from None
    host = urlsplit(site).hostname or ""
    if _OTHER_PLACES.search(host) or "." not in host.replace("localhost", "local.host"):
        raise Ends("D02", given=given.strip()[:200])
    return site


class Finder:
    """P1 to P3."""

    def __init__(self, asker: Asker) -> None:
        self._asker = asker
        self._notes: list[Finding] = []
        self._instead: list[Reply] = []

    def reach(self, site: str, *, said_scheme: bool) -> Reply:
        """P1, P2: the home page by its canonical address. Where https is closed and nobody asked
        for it, http is tried. Raises Ends.
        """
        home = self._home(site)
        if home.trouble in {Trouble.REFUSED, Trouble.TIMEOUT} and site.startswith("https://"):
            over_http = (
                self._home(f"http://{site.partition('://')[2]}") if not said_scheme else home
            )
            home = home if over_http.trouble else over_http
        if home.trouble:
            raise unreachable(home)
        if urlsplit(home.url).scheme == "http":
            self._notes.append(found("D09", host=_host(home.url)))
        if home.status == 401 and "www-authenticate" in home.headers and not home.is_json:  # noqa: PLR2004 - HTTP
            raise Ends("D15", **evidence_of(home))
        return home

    def _home(self, site: str) -> Reply:
        """Follows redirects by hand, inside the shop's own domain."""
        url, seen = f"{site}/", list[str]()
        while True:
            reply = self._asker.ask("GET", url)
            target = reply.headers.get("location", "")
            if reply.status not in REDIRECTS or not target:
                if seen:
                    base = _base_of(reply.url)
                    self._notes.append(found("D10", given=_base_of(f"{site}/"), base=base))
                return reply
            seen.append(url)
            url = _joined(url, target)
            outside = _domain(url) != _domain(site)
            if outside or url in seen or len(seen) > MOST_HOPS or _is_login(url):
                where = "itself, in a circle" if url in seen else _base_of(url)
                raise Ends("D11", **{**evidence_of(reply), "target": where})

    def locate(self, home: Reply) -> Whereabouts:
        """P3: the API's root as the page links it, else where it usually is, else the old API.
        Raises Ends.
        """
        base = _base_of(home.url)
        usual = f"{base}/wp-json/"
        linked = _linked_root(home)
        root = self._root(linked or usual)
        if root is None and self._closed_door(home):
            raise self._no_shop(home, None)
        if root is None and linked not in {None, usual}:
            root = self._root(usual)
        if root is None:
            root = self._root(f"{base}/index.php/wp-json/") or self._root(f"{base}/?rest_route=/")
        if isinstance(root, Whereabouts):
            if not any(one.startswith("wc/") for one in root.namespaces) and not root.closed:
                return self._old(base, home, root)
            root.release = _release(home)
            return self._told(root, base, usual)
        return self._old(base, home, None)

    def _told(self, root: Whereabouts, base: str, usual: str) -> Whereabouts:
        addresses = root.addresses
        if addresses.form is not AddressForm.PRETTY:
            self._notes.append(found("D12", host=addresses.host))
        elif f"{addresses.base}/{addresses.prefix}/" != usual:
            shown = f"{addresses.base}/{addresses.prefix}/"
            self._notes.append(found("D16", root=shown, base=base))
        root.notes = self._notes
        return root

    def _root(self, url: str) -> Whereabouts | None:
        """The index at this address. None where there is none."""
        reply = self._asker.ask("GET", url)
        hops = 0
        while reply.status in REDIRECTS and reply.headers.get("location") and hops < MOST_HOPS:
            target = _joined(reply.url, reply.headers["location"])
            if _domain(target) != _domain(url) or _is_login(target):
                raise Ends("D11", **{**evidence_of(reply), "target": _base_of(target)})
            if target.rstrip("/") == reply.url.rstrip("/") or "wp-json" not in target:
                return None  # a page in place of the index
            reply, hops = self._asker.ask("GET", target), hops + 1
        if reply.trouble:
            raise unreachable(reply)
        index = wire.mapping(reply.data)
        if index.get("namespaces"):
            return _whereabouts(reply.url, index)
        if reply.status in {401, 403} and reply.code and _CLOSED.search(reply.code):
            found_at = _whereabouts(reply.url, {})
            found_at.closed = reply.code
            return found_at
        if reply.status == 200 and reply.is_page and served_from_cache(reply):  # noqa: PLR2004 - HTTP
            raise Ends("D31", **evidence_of(reply))
        if reply.status >= 500:  # noqa: PLR2004 - HTTP
            raise broken(reply)
        self._instead.append(reply)
        return None

    def _old(self, base: str, home: Reply, root: Whereabouts | None) -> Whereabouts:
        """The API of WooCommerce before 2.6. Its index needs no key."""
        for version, form in _OLD_ROOTS:
            addresses = Addresses(base, base, form)
            target = addresses.route(f"wc-api/{version}/", {})
            query = "&".join(f"{name}={value}" for name, value in target.params.items())
            reply = self._asker.ask("GET", f"{target.url}?{query}" if query else target.url)
            store = wire.mapping(wire.mapping(reply.data).get("store"))
            if store and _version_of(store) in {version, ""}:
                return self._old_store(addresses, version, store)
            if reply.code == "woocommerce_api_disabled":
                raise _switched_off(home, addresses.host)
        raise self._no_shop(home, root)

    def _closed_door(self, home: Reply) -> bool:
        """The same "no" at the front door and at the API's: asking at more doors is rude."""
        first = self._instead[0] if self._instead else home
        away = first.status in TURNED_AWAY and not first.is_json
        return away and first.status == home.status

    def _no_shop(self, home: Reply, root: Whereabouts | None) -> Ends:
        release = _release(home)
        if (0, 0) < number(release) < OLDEST:  # until 2.0 there was no API at all
            return Ends("D52x", version=release)

        def by_another_name() -> Reply:
            agent = {"User-Agent": AS_BROWSERS_SAY}
            return self._asker.ask("GET", home.url, agent, guarded=False)

        return no_shop(
            home, self._instead, has_index=root is not None, by_another_name=by_another_name
        )

    def _old_store(
        self, addresses: Addresses, version: str, store: Mapping[str, object]
    ) -> Whereabouts:
        release = wire.text(store.get("wc_version"))
        if version == "v1":
            raise Ends("D52x", version=release or "before 2.2")
        if (0, 0) < number(release) < V3_FROM:
            # With plain permalinks these take any number for their own (measured on 2.3.13).
            version = "v2"
        meta = wire.mapping(store.get("meta"))
        if addresses.form is not AddressForm.PRETTY:
            self._notes.append(found("D12", host=addresses.host))
        return Whereabouts(
            addresses,
            name=wire.text(store.get("name")),
            timezone=wire.text(meta.get("timezone")),
            legacy=version,
            store=store,
            notes=self._notes,
        )


def _release(home: Reply) -> str:
    """The release of WooCommerce that the page names in its head, "" where it names none."""
    said = _GENERATOR.search(home.text)
    return said.group(1) if said else ""


def _switched_off(home: Reply, host: str) -> Ends:
    """The place of the switch by the release."""
    release = _release(home)
    if (0, 0) < number(release) < OLDEST:
        return Ends("D52x", version=release)
    return Ends("D19", host=host, switch=legacy_switch(release))


def _version_of(store: Mapping[str, object]) -> str:
    """The version an old index speaks of itself: asked for one it does not know it may answer with
    another. "" where it does not say.
    """
    root = wire.mapping(wire.mapping(store.get("routes")).get("/"))
    own = wire.text(wire.mapping(root.get("meta")).get("self")).rstrip("/").rpartition("/")[2]
    return own if re.fullmatch(r"v\d", own) else ""


def _whereabouts(url: str, index: Mapping[str, object]) -> Whereabouts:
    """What the index at this address says."""
    parts = urlsplit(url)
    form, prefix = AddressForm.PRETTY, "wp-json"
    if "rest_route" in parts.query:
        form, base = AddressForm.QUERY, _base_of(url).removesuffix("/index.php")
    else:
        path = parts.path.rstrip("/")
        folder, _, prefix = path.rpartition("/")
        if folder.endswith("/index.php"):
            form, folder = AddressForm.INDEX, folder.removesuffix("/index.php")
        base = f"{parts.scheme}://{parts.netloc}{folder}"
    home = wire.text(index.get("home")).rstrip("/") or base
    zone = wire.text(index.get("timezone_string"))
    namespaces = tuple(wire.text(one) for one in wire.values(index.get("namespaces")))
    return Whereabouts(
        Addresses(base, home, form, prefix),
        name=wire.text(index.get("name")),
        timezone=zone,
        namespaces=namespaces,
    )


def _linked_root(home: Reply) -> str | None:
    """The root that the page itself names, in a header or in its head."""
    link = _API_LINK.search(home.headers.get("link", "")) or _HTML_LINK.search(home.text)
    if link is None:
        return None
    target = _joined(home.url, link.group(1))
    return target if _domain(target) == _domain(home.url) else None


def _joined(base: str, target: str) -> str:
    """Where a link on `base` leads; a broken one leads to itself."""
    try:
        return urljoin(base, target)
    except ValueError:
        return base


def _is_login(url: str) -> bool:
    path = urlsplit(url).path.lower()
    return "wp-login" in path or path.rstrip("/").endswith(("/login", "/signin", "/password"))


def _base_of(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}{parts.path}".rstrip("/")


def _host(url: str) -> str:
    return urlsplit(url).hostname or url


_SECOND_LEVELS = frozenset({"ac", "co", "com", "edu", "gov", "net", "or", "org"})


def _domain(url: str) -> str:
    """What of a host must stay the same for it to be the same shop: the part that is registered."""
    host = _host(url).lower().removeprefix("www.")
    labels = host.split(".")
    if ":" in host or all(label.isdecimal() for label in labels):
        return host
    country = len(labels[-1]) == 2 and len(labels) > 2 and labels[-2] in _SECOND_LEVELS  # noqa: PLR2004 - ISO codes
    return ".".join(labels[-3:] if country else labels[-2:])
