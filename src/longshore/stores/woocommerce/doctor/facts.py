"""P11 and P12: what the shop says of itself once we are in, and what that means."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import TypedDict

from longshore.domain.findings import Finding
from longshore.domain.replies import Reply
from longshore.ports.stores import ConnectionProfile
from longshore.stores.woocommerce import wire
from longshore.stores.woocommerce.dialects import Dialect
from longshore.stores.woocommerce.doctor import plugins as known
from longshore.stores.woocommerce.doctor.asking import found
from longshore.stores.woocommerce.doctor.capabilities import (
    EVERY_VARIATION,
    Capabilities,
    number,
    patch,
    restocks,
    sees_stock,
    settings,
)
from longshore.stores.woocommerce.doctor.checks import Checks
from longshore.stores.woocommerce.doctor.whereabouts import Whereabouts
from longshore.stores.woocommerce.languages import WPML
from longshore.stores.woocommerce.wire import Json

FINDS_CHANGES_FROM = (5, 8)
TAKES_PRICES_FROM = 9
"""Until 2.2.8 the amounts of an order's lines are written under a wrong name and get lost (read in
the tagged sources; measured on 2.2.0).
"""


@dataclass(slots=True)
class Facts:
    """Reads the facts of a shop whose key got in; `notes` collects what they mean."""

    where: Whereabouts
    checks: Checks
    capabilities: Capabilities
    notes: list[Finding] = field(default_factory=list[Finding])

    def profile(self, *, can_write: bool) -> ConnectionProfile:
        """The profile that production runs on."""
        dialect, addresses, checks = self._dialect, self.where.addresses, self.checks
        said: Json = {} if dialect.legacy else self._status()
        environment = wire.mapping(said.get("environment"))
        shop = self._shop(said)
        version = wire.text(environment.get("version")) or shop.version or self.where.release
        plugins = known.with_versions(said)
        profile = ConnectionProfile(
            name=self.where.name or addresses.host,
            base_url=addresses.base,
            home_url=addresses.home,
            dialect=dialect.name,
            signing=checks.way,
            platform_version=version,
            wordpress_version=wire.text(environment.get("wp_version")),
            timezone=self.where.timezone,
            can_write=can_write,
            form=addresses.form,
            prefix=addresses.prefix,
            restocks=restocks(dialect, version),
            post_only=checks.post_only,
            page_size=checks.page_size,
            cached=checks.cached,
            short_queries=checks.short_queries,
            clock_offset_s=checks.exam.asker.clock_offset_s or 0.0,
            plugins=plugins,
            namespaces=self.where.namespaces,
            languages=self._languages(plugins),
            limits=self._limits(version),
            fulfillments=self.capabilities.fulfillments,
            tracking_route=self._tracking_route(),
            **self._reading(said, version),
            **asdict(shop.money),
        )
        self._tell(profile, said)
        return profile

    def _reading(self, said: Json, version: str) -> "_Reading":
        settings = wire.mapping(said.get("settings"))
        return {
            "orders_search_reference": wire.flag(settings.get("HPOS_enabled")),
            "variations_route": self._variations_route(),
            "changes_by": self._changes_by(),
            "changes_show_stock": sees_stock(version, self._changes_by()),
        }

    @property
    def _dialect(self) -> Dialect:
        return self.checks.exam.dialect

    def _tracking_route(self) -> bool:
        """Where orders show no meta, a plugin's route may still tell."""
        return self.capabilities.shipment_trackings and not self._dialect.reads_meta

    def _changes_by(self) -> str:
        return "updated_at_min" if self._dialect.legacy else self.capabilities.changes_by

    def _status(self) -> Json:
        params = {"_fields": "environment,active_plugins,settings,theme"}
        return wire.mapping(self._get("system_status", params).data)

    def _shop(self, said: Json) -> "_Shop":
        if self._dialect.legacy or self.where.store:
            return _from_index(wire.mapping(self.where.store))
        if self._dialect.name == "wc/v1":
            return self._from_order()
        general = settings(self._get("settings/general", {}).data)
        products = settings(self._get("settings/products", {}).data)
        tax = settings(self._get("settings/tax", {}).data)
        currency = wire.text(wire.mapping(said.get("settings")).get("currency"))
        return _Shop(
            _Money(
                currency=currency or general.get("woocommerce_currency", ""),
                prices_include_tax=tax.get("woocommerce_prices_include_tax") == "yes",
                weight_unit=products.get("woocommerce_weight_unit", "kg") or "kg",
                stock_managed=products.get("woocommerce_manage_stock", "yes") != "no",
                country=general.get("woocommerce_default_country", "").partition(":")[0],
            )
        )

    def _from_order(self) -> "_Shop":
        """`wc/v1` has no settings: the old API's index says them where it is on, else the newest
        order does.
        """
        addresses = self.where.addresses
        target = addresses.route("wc-api/v3/", {})
        query = "&".join(f"{name}={value}" for name, value in target.params.items())
        url = f"{target.url}?{query}" if query else target.url
        reply = self.checks.exam.asker.ask("GET", url, guarded=False)
        store = wire.mapping(wire.mapping(reply.data).get("store"))
        if store:
            return _from_index(store)
        rows = wire.items(self._get("orders", {"per_page": "1"}).data)
        order: Json = rows[0] if rows else {}
        taxed = wire.flag(order.get("prices_include_tax"))
        money = _Money(currency=wire.text(order.get("currency")), prices_include_tax=taxed)
        return _Shop(money, wire.text(order.get("version")))

    def _variations_route(self) -> str:
        """The collection of all variations, asked for once where the index may have it."""
        if self._dialect.name != "wc/v3":
            return ""
        for route in EVERY_VARIATION:
            namespace = route.rpartition("/")[0]
            if namespace not in self.where.namespaces:
                continue
            if route == EVERY_VARIATION[0]:  # the namespace's index has told
                if self.capabilities.every_variation:
                    return route
                continue
            reply = self._ask_route(route, {"per_page": "1", "_fields": "id"})
            if reply.status == 200 and isinstance(reply.data, list):  # noqa: PLR2004 - HTTP
                return route
        return ""

    def _languages(self, plugins: Mapping[str, str]) -> tuple[str, ...]:
        """Codes of the shop's languages, the default one first; () where it has one only."""
        if "pll/v1" in self.where.namespaces:
            rows = wire.items(self._ask_route("pll/v1/languages", {}).data)
            return known.polylang_languages(rows)
        if WPML in plugins:
            params = {"per_page": "50", "_fields": "id,lang,translations"}
            products = wire.items(self._get("products", params).data)
            return known.wpml_languages(products)
        return ()

    def _limits(self, version: str) -> tuple[str, ...]:
        """Codes of what this store cannot do; the screens have their words."""
        limits: list[str] = []
        if not sees_stock(version, self._changes_by()):
            limits.append("stock_by_sweeps")
        if not (self._dialect.reads_meta or self._tracking_route()):
            limits.append("no_tracking")
        if not restocks(self._dialect, version):
            limits.append("hub_restocks")
        if self.where.legacy and number(version) == (2, 2):
            limits.append("no_webhooks")  # measured on 2.2.0: making one fails
            if patch(version) < TAKES_PRICES_FROM:
                limits.append("shop_prices")
        return tuple(limits)

    def _tell(self, profile: ConnectionProfile, said: Json) -> None:
        """What the facts mean for people."""
        notes = self.notes
        version = profile.platform_version
        if profile.dialect != "wc/v3":
            shown = profile.dialect.partition(" ")[0]
            notes.append(found("D18", dialect=shown, version=version or "of that time"))
        elif (0, 0) < number(version) < FINDS_CHANGES_FROM:
            limit = "changes are found by looking at more products, more often."
            notes.append(found("D52", version=version, limit=limit))
        if len(profile.languages) > 1:
            listed = ", ".join(profile.languages)
            notes.append(found("D53", languages=listed, language=profile.languages[0]))
        if not profile.stock_managed:
            notes.append(found("D57"))
        notes += known.advice(profile, said)

    def _get(self, path: str, params: Mapping[str, str]) -> Reply:
        return self.checks.exam.signed(self.checks.way, "GET", path, params, guarded=False)

    def _ask_route(self, route: str, params: Mapping[str, str]) -> Reply:
        """A signed request outside the dialect's own root."""
        return self.checks.exam.signed_route(self.checks.way, "GET", route, params)


@dataclass(frozen=True)
class _Money:
    """How the shop counts: money, tax, weight, stock."""

    currency: str = ""
    prices_include_tax: bool = False
    weight_unit: str = "kg"
    stock_managed: bool = True
    country: str = ""


@dataclass(frozen=True, slots=True)
class _Shop:
    money: _Money
    version: str = ""


class _Reading(TypedDict):
    orders_search_reference: bool
    variations_route: str
    changes_by: str
    changes_show_stock: bool


def _from_index(store: Json) -> _Shop:
    """What the old API's index says; it knows nothing of stock management and country."""
    meta = wire.mapping(store.get("meta"))
    money = _Money(
        currency=wire.text(meta.get("currency")),
        prices_include_tax=wire.flag(meta.get("tax_included")),
        weight_unit=wire.text(meta.get("weight_unit")) or "kg",
    )
    return _Shop(money, wire.text(store.get("wc_version")))
