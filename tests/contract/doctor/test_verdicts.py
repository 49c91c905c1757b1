"""One row a verdict: what is wrong with the shop, and what the doctor says. Verdicts on the network
itself are in test_network.py, on what changed since it worked in tests/integration/connections.
"""

import json
import socket
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import httpx2
import pytest

from longshore.domain.verdicts import VERDICTS
from longshore.ports.doctor import Diagnosis, Order
from longshore.stores.http import GuardedClient
from longshore.stores.woocommerce import Doctor
from simulators.woocommerce import ShopSettings, Simulator
from simulators.woocommerce.versions import version_of

HOME, TODAY = "https://shop.test", "9.9.5"
HTTP = {"home": "http://shop.test"}
MOST_FOR_VERDICT, MOST_IN_ALL = 14, 20
GoOn = Callable[[httpx2.Request], httpx2.Response]
Meddle = Callable[[httpx2.Request, GoOn], httpx2.Response]


@dataclass(frozen=True)
class Shop:
    """`meddle` stands between the doctor and the shop. `typed` replaces what a person types."""

    faults: tuple[str, ...] = ()
    settings: dict[str, Any] = field(default_factory=dict)
    version: str = TODAY
    meddle: Meddle | None = None
    typed: dict[str, Any] = field(default_factory=dict)


class Meddled(httpx2.BaseTransport):
    def __init__(self, inner: httpx2.BaseTransport, meddle: Meddle | None) -> None:
        self.inner, self.meddle, self.seen = inner, meddle, []

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        self.seen.append(request)
        if self.meddle is None:
            return self.inner.handle_request(request)
        return self.meddle(request, self.inner.handle_request)


def examined(shop: Shop) -> tuple[Diagnosis, list[httpx2.Request]]:
    settings = {"home": HOME, "products": 40, "variable": 4, **shop.settings}
    simulator = Simulator(ShopSettings(version=version_of(shop.version), **settings))
    for one in shop.faults:
        kind, _, value = one.partition("=")
        simulator.faults.add(kind, value)
    typed = {
        "address": simulator.address,
        "key": simulator.key,
        "secret": simulator.secret,
        **shop.typed,
    }
    way = Meddled(simulator.transport(), shop.meddle)
    with GuardedClient(transport=way) as client:
        doctor = Doctor(client, pause_s=0, sleep=lambda _: None)
        found = doctor.examine(Order(**typed), lambda _: None)
    return found, way.seen


# --- what stands between the doctor and the shop ---


def page(text: str, status: int = 200, **headers: str) -> Meddle:
    """Everything is answered with this page."""

    def meddle(request: httpx2.Request, _: Any) -> httpx2.Response:
        kind = {"Content-Type": "text/html"}
        return httpx2.Response(status, headers={**kind, **headers}, text=text, request=request)

    return meddle


def no_such_name(_request: httpx2.Request, _: Any) -> httpx2.Response:
    raise httpx2.ConnectError("no name") from socket.gaierror(-2, "Name or service not known")


def nobody_opens(_request: httpx2.Request, _: Any) -> httpx2.Response:
    raise httpx2.ConnectError("refused") from ConnectionRefusedError()


def https_is_closed(request: httpx2.Request, go_on: GoOn) -> httpx2.Response:
    return nobody_opens(request, None) if request.url.scheme == "https" else go_on(request)


def our_name_is_disliked(request: httpx2.Request, go_on: GoOn) -> httpx2.Response:
    if "Longshore" in request.headers["user-agent"]:
        return httpx2.Response(403, text="<html>No</html>", request=request)
    return go_on(request)


def orders_are_open(request: httpx2.Request, go_on: GoOn) -> httpx2.Response:
    bare = "authorization" not in request.headers and "oauth" not in str(request.url)
    if request.url.path.endswith("/orders") and bare:
        return httpx2.Response(200, json=[{"id": 1}], request=request)
    return go_on(request)


def circle(request: httpx2.Request, _: Any) -> httpx2.Response:
    there = "/b/" if request.url.path == "/" else "/"
    return httpx2.Response(302, headers={"Location": there}, request=request)


def prefix_changed(request: httpx2.Request, go_on: GoOn) -> httpx2.Response:
    """The API is below /api/, as the home page says."""
    path = request.url.path
    if path.startswith("/wp-json"):
        return httpx2.Response(404, text="<html>Not found</html>", request=request)
    inside = request.url.copy_with(path=path.replace("/api", "/wp-json", 1))
    reply = go_on(httpx2.Request(request.method, inside, headers=request.headers))
    reply.headers["link"] = f'<{HOME}/api/>; rel="https://api.w.org/"'
    return reply


def wp_cron_is_off(request: httpx2.Request, go_on: GoOn) -> httpx2.Response:
    reply = go_on(request)
    if "system_status" in request.url.path:
        found = reply.json()
        found["environment"]["wp_cron"] = False
        return httpx2.Response(200, json=found, request=request)
    return reply


def hooks_are_refused(request: httpx2.Request, go_on: GoOn) -> httpx2.Response:
    if request.method == "POST" and request.url.path.endswith("/webhooks"):
        body = {"code": "woocommerce_rest_cannot_create", "message": "no", "data": {"status": 403}}
        return httpx2.Response(403, json=body, request=request)
    return go_on(request)


def now_and_then_401(request: httpx2.Request, go_on: GoOn) -> httpx2.Response:
    if "per_page=1" in str(request.url) and "/products" in request.url.path:
        body = {"code": "woocommerce_rest_cannot_view", "message": "no", "data": {"status": 401}}
        return httpx2.Response(401, json=body, request=request)
    return go_on(request)


def bodies_with_html_are_blocked(request: httpx2.Request, go_on: GoOn) -> httpx2.Response:
    if b"iframe" in request.content:
        return httpx2.Response(403, text="<html>ModSecurity</html>", request=request)
    return go_on(request)


LONG = "ck_" + "0" * 40
WOOCOMMERCE_2_0 = (
    '<html><head><meta name="generator" content="WordPress 3.5.2" />'
    '<meta name="generator" content="WooCommerce 2.0.20" /></head><body>A shop</body></html>'
)
SHOPIFY = '<html><link href="https://cdn.shopify.com/s/files/theme.css"></html>'
SEEDPROD = '<html><body class="seedprod">Soon</body></html>'

STOPS = [
    ("D01", Shop(typed={"secret": "cs_abc1234"})),
    ("D01", Shop(typed={"key": LONG, "secret": LONG})),
    ("D01", Shop(typed={"secret": ""})),
    ("D02", Shop(typed={"address": "https://www.facebook.com/kiln"})),
    ("D02", Shop(typed={"address": "kiln"})),
    ("D02", Shop(typed={"address": "https://"})),
    ("D03", Shop(meddle=page(SHOPIFY))),
    ("D03", Shop(meddle=page("<html><body>My hobby page</body></html>"))),
    ("D04", Shop(meddle=no_such_name)),
    ("D06", Shop(meddle=nobody_opens)),
    ("D06", Shop(("reset",))),
    ("D11", Shop(("redirect=302,login",))),
    ("D11", Shop(("redirect=301,https://elsewhere.example",))),
    ("D11", Shop(meddle=circle)),
    ("D13", Shop(("rest_login",), typed={"key": LONG})),
    ("D15", Shop(("site_basic_auth",))),
    ("D17", Shop(("woocommerce_off",))),
    ("D19", Shop(version="2.2.0", settings={"legacy_api": False})),
    ("D19", Shop(version="2.5.5", settings={"legacy_api": False})),
    ("D52x", Shop(meddle=page(WOOCOMMERCE_2_0))),
    ("D20", Shop(("waf=cloudflare",))),
    ("D21", Shop(("waf=cloudflare_1020",))),
    ("D21", Shop(("waf=cloudflare_1006",))),
    ("D21", Shop(("waf=cloudflare_1010",))),
    ("D22", Shop(("waf=cloudflare_522",))),
    ("D22", Shop(("waf=cloudflare_525",))),
    ("D23", Shop(("waf=sgcaptcha",))),
    ("D24", Shop(("waf=wordfence",))),
    ("D24", Shop(("waf=wordfence_rate",))),
    ("D26x", Shop(("waf=cerber",))),
    ("D26x", Shop(("waf=ninjafirewall",))),
    ("D27", Shop(("waf=sucuri",))),
    ("D28", Shop(("waf=imunify",))),
    ("D28", Shop(("waf=bitninja",))),
    ("D28", Shop(("waf=quiccloud",))),
    ("D29", Shop(("waf=modsec406",))),
    ("D29", Shop(("waf=modsec403",))),
    ("D29", Shop(meddle=bodies_with_html_are_blocked, typed={"payload": True})),
    ("D30", Shop(("waf=455",))),
    ("D30", Shop(meddle=our_name_is_disliked)),
    ("D31", Shop(("waf=wpengine",))),
    ("D34", Shop(("key_unknown",))),
    ("D34", Shop(("user_deleted",))),
    ("D34", Shop(typed={"key": LONG})),
    ("D34", Shop(("key_unknown",), version="2.2.0")),
    ("D34", Shop(("key_unknown",), version="2.4.13")),
    ("D34", Shop(typed={"key": LONG}, version="2.4.13", settings=HTTP)),
    ("D35x", Shop(("strip_auth",), version="2.2.0")),
    ("D35x", Shop(("strip_auth",), version="2.4.13")),
    ("D37", Shop(typed={"secret": "cs_" + "0" * 40})),
    ("D37", Shop(typed={"secret": "cs_" + "0" * 40}, version="2.2.0")),
    ("D37", Shop(typed={"secret": "cs_" + "0" * 40}, version="2.4.13")),
    ("D37", Shop(typed={"secret": "cs_" + "0" * 40}, version="2.3.13", settings=HTTP)),
    ("D39", Shop(("key_ro",))),
    ("D39", Shop(("key_ro",), version="2.2.0")),
    ("D39", Shop(("key_ro",), version="2.4.13", settings=HTTP)),
    ("D39b", Shop(("key_wo",))),
    ("D39b", Shop(("key_wo",), version="2.2.0", settings=HTTP)),
    ("D39b", Shop(("key_wo",), version="2.4.13")),
    ("D40", Shop(("role_low",))),
    ("D40", Shop(("role_low=subscriber",))),
    ("D40", Shop(("role_low",), version="2.2.0")),
    ("D40", Shop(("role_low",), version="2.5.5", settings=HTTP)),
    ("D41", Shop(("no_query",))),
    ("D48", Shop(("burst_5xx",))),
    ("D48", Shop(("burst_5xx=504",))),
    ("D48", Shop(("hang",))),
    ("D49", Shop(("rate_limit=60",))),
    ("D50", Shop(("maintenance",))),
    ("D52x", Shop(version="2.1.12")),
    ("D52x", Shop(version="2.1.12", settings={"legacy_api": False})),
    ("D50", Shop(("waf=coming_soon",))),
    ("D50", Shop(meddle=page(SEEDPROD))),
    ("D00", Shop(("waf=410",))),
    ("D00", Shop(("empty_200",))),
    ("D00", Shop(("truncated",))),
    ("D00", Shop(("gzip_bomb",))),
]

NOTES = [
    ("D09", Shop(meddle=https_is_closed, settings={"home": "http://shop.test"})),
    (
        "D10",
        Shop(
            ("redirect=301,www",),
            settings={"home": "https://www.shop.test"},
            typed={"address": HOME},
        ),
    ),
    ("D12", Shop(settings={"pretty_permalinks": False})),
    ("D12", Shop(settings={"rewrite": False})),
    ("D12", Shop(settings={"rewrite": False, "pretty_permalinks": False})),
    ("D12", Shop(("strip_auth",), settings={"rewrite": False, "pretty_permalinks": False})),
    ("D12", Shop(version="2.2.0", settings={"pretty_permalinks": False})),
    ("D12", Shop(version="2.4.13", settings={"pretty_permalinks": False, **HTTP})),
    ("D12", Shop(version="2.4.13", settings={"rewrite": False})),
    ("D14", Shop(("jwt_plugin",))),
    ("D16", Shop(meddle=prefix_changed)),
    *(("D18", Shop(version=one)) for one in ("2.2.0", "2.2.11", "2.3.13", "2.4.0", "2.5.5")),
    ("D18", Shop(version="2.2.0", settings=HTTP)),
    ("D18", Shop(version="2.4.13", settings=HTTP)),
    ("D25", Shop(("waf=ithemes",))),
    ("D26", Shop(settings={"plugins": ["wp-cerber"]})),
    ("D32", Shop(("only_get_post",))),
    ("D32", Shop(("only_get_post=501",))),
    ("D32", Shop(("only_get_post",), version="2.2.0", settings=HTTP)),
    ("D32", Shop(("only_get_post",), version="2.4.13")),
    ("D33", Shop(meddle=orders_are_open)),
    ("D35", Shop(("strip_auth",))),
    ("D35", Shop(("strip_auth",), version="2.2.0", typed={"may_use_query": True})),
    ("D35", Shop(("strip_auth",), version="2.4.13", typed={"may_use_query": True})),
    ("D36", Shop(("is_ssl_false",))),
    ("D36", Shop(("is_ssl_false",), version="2.2.0")),
    ("D36", Shop(("is_ssl_false",), version="2.4.13")),
    ("D38", Shop(("skew=1200",))),
    ("D38", Shop(("skew=1200",), version="2.2.0", settings=HTTP)),
    ("D38", Shop(("skew=-4000",), version="2.4.13", settings=HTTP)),
    ("D38", Shop(("skew=-4000", "strip_auth"))),
    ("D42", Shop(settings={"home": "https://inner.test"}, typed={"address": HOME})),
    ("D43", Shop(meddle=now_and_then_401)),
    ("D44", Shop(("no_totals",))),
    ("D44", Shop(("no_totals",), version="2.4.13")),
    ("D45", Shop(("cache_rest",))),
    ("D45", Shop(("cache_rest",), version="2.4.13")),
    ("D46", Shop(("bom",))),
    ("D46", Shop(("notice_prefix",), version="2.2.0")),
    ("D46", Shop(("notice_prefix",))),
    ("D46", Shop(("comment_suffix",))),
    ("D47", Shop(("fail_if_per_page_gt",))),
    ("D47", Shop(("fail_if_per_page_gt",), version="2.4.13")),
    ("D52", Shop(version="5.0.0")),
    ("D53", Shop(("polylang",))),
    ("D53", Shop(("wpml",))),
    ("D54", Shop(settings={"plugins": ["translatepress-multilingual"]})),
    ("D55", Shop()),
    ("D56", Shop(settings={"plugins": ["woo-orders-tracking"]})),
    ("D57", Shop(("manage_stock_off",))),
    ("D58", Shop(settings={"plugins": ["woocommerce-product-bundles"]})),
    ("D59", Shop(meddle=hooks_are_refused, typed={"hook_url": "https://hub.example/x/"})),
    ("D60", Shop(meddle=wp_cron_is_off)),
]


def named(rows: list[tuple[str, Shop]]) -> list[Any]:
    """The rows with a name each: the verdict and what is wrong."""
    made = []
    for number, (code, shop) in enumerate(rows):
        wrong = [shop.version] if shop.version != TODAY else []
        wrong += [*shop.faults, *(f"{k}={v}" for k, v in shop.settings.items()), *shop.typed]
        if shop.meddle is not None:
            wrong.append(shop.meddle.__name__)
        made.append(pytest.param(code, shop, id=f"{code}-{number}-{'+'.join(wrong)[:60]}"))
    return made


@pytest.mark.parametrize(("code", "shop"), named(STOPS))
def test_one_cause_is_named(code: str, shop: Shop):
    found, _ = examined(shop)
    assert found.verdict == code
    assert found.findings[0].code == code
    assert not found.connected
    assert found.requests <= MOST_IN_ALL
    written = VERDICTS[code]
    for text in (written.seen, written.means, written.do, written.host):
        text.format_map(found.findings[0].evidence)


@pytest.mark.parametrize(("code", "shop"), named(NOTES))
def test_what_heals_itself_is_noted_and_the_shop_connected(code: str, shop: Shop):
    found, _ = examined(shop)
    assert found.connected, found.verdict
    assert found.profile is not None
    (finding,) = [one for one in found.findings if one.code == code]
    assert found.requests <= MOST_IN_ALL
    written = VERDICTS[code]
    for text in (written.seen, written.means, written.do, written.host):
        text.format_map(finding.evidence)


FIREWALLS = [row for row in STOPS if "20" <= row[0][1:3] <= "28" and row[0] != "D25"]


@pytest.mark.parametrize(("code", "shop"), named(FIREWALLS))
def test_a_firewall_is_asked_once(code: str, shop: Shop):
    _, seen = examined(shop)
    assert len(seen) == 1


@pytest.mark.parametrize(
    ("version", "place"),
    [("2.2.11", "General"), ("2.3.0", "General"), ("2.4.0", "> API"), ("2.5.5", "> API")],
)
def test_the_switch_of_the_old_api_is_shown_where_this_version_has_it(version: str, place: str):
    found, _ = examined(Shop(version=version, settings={"legacy_api": False}))
    switch = str(found.findings[0].evidence["switch"])
    assert place in switch
    assert switch.count("WooCommerce > Settings") == 1


@pytest.mark.parametrize("language", ["fr", "de"])
@pytest.mark.parametrize(
    ("code", "shop"),
    named([row for row in STOPS if "33" <= row[0][1:3] <= "41"]),
)
def test_the_language_of_the_shop_changes_no_verdict(code: str, shop: Shop, language: str):
    found, _ = examined(replace(shop, faults=(*shop.faults, f"locale={language}")))
    assert found.verdict == code


def test_a_healthy_shop_is_known_within_its_budget():
    steps: list[int] = []
    simulator = Simulator(ShopSettings(home=HOME, products=40, variable=4))
    way = Meddled(simulator.transport(), None)
    with GuardedClient(transport=way) as client:
        doctor = Doctor(client, pause_s=0)
        order = Order(simulator.address, simulator.key, simulator.secret)
        found = doctor.examine(
            order, lambda step: steps.append(len(way.seen)) if step.name == "rights" else None
        )
    assert found.connected
    assert steps[0] <= MOST_FOR_VERDICT
    assert found.requests == len(way.seen) <= MOST_IN_ALL


def test_every_verdict_has_its_scenario():
    """Those of the network and of production have theirs elsewhere."""
    elsewhere = {"D05", "D07", "D08", "D51", "D61", "D62"}
    here = {code for code, _ in [*STOPS, *NOTES]}
    assert here | elsewhere == set(VERDICTS)
    assert not here & elsewhere


def status_is_closed(request: httpx2.Request, go_on: GoOn) -> httpx2.Response:
    if "system_status" in request.url.path:
        return httpx2.Response(404, json={"code": "rest_no_route"}, request=request)
    return go_on(request)


def test_the_page_tells_the_release_where_nothing_else_does():
    """As in 2.6, whose API has no facts (measured: no old API, no order yet)."""
    found, _ = examined(Shop(meddle=status_is_closed))
    assert found.connected
    assert found.profile is not None
    assert found.profile.platform_version == "9.9.5"


def any_number_is_its_own(request: httpx2.Request, go_on: GoOn) -> httpx2.Response:
    """Plain 2.3 gives the number it was asked with for its own (measured on 2.3.13)."""
    reply = go_on(request)
    asked = request.url.params.get("wc-api-version")
    if asked is None or request.url.params["wc-api-route"] != "/":
        return reply
    text = reply.text.replace("wc-api\\/v2", f"wc-api\\/v{asked}").replace(
        "wc-api/v2", f"wc-api/v{asked}"
    )
    return httpx2.Response(reply.status_code, json=json.loads(text), request=request)


@pytest.mark.parametrize("home", [HOME, HOME.replace("https", "http")])
def test_plain_2_3_is_spoken_to_as_what_it_is(home: str):
    shop = Shop(
        version="2.3.13",
        settings={"pretty_permalinks": False, "home": home},
        meddle=any_number_is_its_own,
    )
    found, _ = examined(shop)
    assert found.connected, found.verdict
    assert found.profile is not None
    assert found.profile.dialect == "v2"
