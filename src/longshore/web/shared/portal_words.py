"""The words for vendors' people: what a shop owner would say, and nothing else."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from longshore.domain.findings import KINDS
from longshore.storage.queries.portal import NotOnSale
from longshore.storage.queries.problems import Problem
from longshore.web.shared.words import NEW_KEY, fill

TROUBLES = {
    "store_unreachable": (
        gettext_lazy("Your shop does not answer us."),
        gettext_lazy("Look whether {host} opens in a browser. If it does not, ask your host."),
    ),
    "store_certificate": (
        gettext_lazy("The certificate of {host} cannot be trusted."),
        gettext_lazy("Ask your host to renew it; that is free of charge."),
    ),
    "store_key_refused": (
        gettext_lazy("Your shop refuses our key."),
        gettext_lazy(
            "Create a new one in WooCommerce, Settings, Advanced, REST API, with Read/Write, and"
            " connect your shop again with it."
        ),
    ),
    "store_key_read_only": (
        gettext_lazy("Our key may not write orders into your shop."),
        gettext_lazy("Give the key Read/Write in WooCommerce, Settings, Advanced, REST API."),
    ),
    "store_not_woocommerce": (
        gettext_lazy("{host} does not answer as a WooCommerce shop."),
        gettext_lazy("Look whether the shop opens, and whether its address has changed."),
    ),
    "store_answer_broken": (
        gettext_lazy("Your host answers in place of your shop."),
        gettext_lazy(
            "Ask your host whether a firewall, a cache or a maintenance page stands before {host}."
        ),
    ),
}


@dataclass(frozen=True, slots=True)
class Trouble:
    """`new_key`: only a new key mends it, so that looking again is no fix."""

    sentence: SafeString
    cure: SafeString
    since: datetime
    new_key: bool


def trouble(problem: Problem) -> Trouble | None:
    """A problem of the shop's connection in the vendor's words; None where it is not theirs. The
    doctor's verdicts are written for shop owners already.
    """
    if not problem.stops_shop:
        return None
    kind = KINDS.get(problem.code)
    usual = (_(kind.title), _(kind.advice)) if kind else (_("We cannot use your shop now."), "")
    words = TROUBLES.get(problem.code, usual)
    sentence, cure = (fill(str(text), problem.evidence, bold=False) for text in words)
    return Trouble(sentence, cure, problem.first_seen_at, problem.code in NEW_KEY)


class Reason(NamedTuple):
    """`cure`: what changes it."""

    words: str
    cure: str


def reason_words(reason: NotOnSale, marketplace: str) -> Reason:
    """Why products are not on sale: "5 have no price. Give them a price in your shop."."""
    teller = _REASONS.get(reason.why)
    if teller is None:
        words = ngettext("%(n)s is not taken over", "%(n)s are not taken over", reason.count)
        return Reason(
            words % {"n": reason.count}, _("%(who)s looks at them") % {"who": marketplace}
        )
    words, cure = teller(reason.count)
    return Reason(words % {"n": reason.count, "who": marketplace}, cure % {"who": marketplace})


def reason_of_one(why: str, marketplace: str) -> Reason:
    """The same on a product itself: "It waits for Nordic Table."."""
    words = _ONE.get(why) or _("It is not taken over")
    teller = _REASONS.get(why)
    cure = teller(1)[1] if teller else _("%(who)s looks at it")
    return Reason(str(words) % {"who": marketplace}, cure % {"who": marketplace})


_ONE = {
    "kept_by_vendor": gettext_lazy("It is kept in your own shop"),
    "no_price": gettext_lazy("It has no price"),
    "review": gettext_lazy("It waits for %(who)s"),
    "publishing": gettext_lazy("It is on its way"),
    "declined": gettext_lazy("It was not wanted"),
    "unpublished": gettext_lazy("It was taken off"),
    "product_not_public": gettext_lazy("It is not public in your shop"),
    "product_type_left_out": gettext_lazy("It is of a kind we cannot sell"),
    "product_no_variants": gettext_lazy("It has nothing to choose"),
    "variant_any_option": gettext_lazy("It has an open choice"),
    "variant_same_options": gettext_lazy("It has two equal variations"),
    "price_needs_currency_rule": gettext_lazy("It is priced in another currency"),
    "price_needs_tax_rule": gettext_lazy("It is priced with other taxes"),
}
Teller = Callable[[int], tuple[str, str]]
_REASONS: dict[str, Teller] = {
    "kept_by_vendor": lambda n: (
        ngettext("%(n)s is kept in your own shop", "%(n)s are kept in your own shop", n),
        _("You decided so, and can offer again whenever you like"),
    ),
    "no_price": lambda n: (
        ngettext("%(n)s has no price", "%(n)s have no price", n),
        _("Set a price in your shop"),
    ),
    "review": lambda n: (
        ngettext("%(n)s waits for %(who)s", "%(n)s wait for %(who)s", n),
        _("%(who)s looks at new products first"),
    ),
    "publishing": lambda n: (
        ngettext("%(n)s is on its way", "%(n)s are on their way", n),
        _("On sale in a moment"),
    ),
    "declined": lambda n: (
        ngettext("%(n)s was not wanted", "%(n)s were not wanted", n),
        _("%(who)s decided not to sell here"),
    ),
    "unpublished": lambda n: (
        ngettext("%(n)s was taken off", "%(n)s were taken off", n),
        _("%(who)s does not sell here now"),
    ),
    "product_not_public": lambda n: (
        ngettext("%(n)s is not public in your shop", "%(n)s are not public in your shop", n),
        _("Publish in your shop to sell here too"),
    ),
    "product_type_left_out": lambda n: (
        ngettext("%(n)s is of a kind we cannot sell", "%(n)s are of a kind we cannot sell", n),
        _("Grouped and external products stay in your shop"),
    ),
    "product_no_variants": lambda n: (
        ngettext("%(n)s has nothing to choose", "%(n)s have nothing to choose", n),
        _("Add variations with a price in your shop"),
    ),
    "variant_any_option": lambda n: (
        ngettext("%(n)s has an open choice", "%(n)s have an open choice", n),
        _("Give each variation its own value in place of “any”"),
    ),
    "variant_same_options": lambda n: (
        ngettext("%(n)s has two equal variations", "%(n)s have two equal variations", n),
        _("Remove one of the two in your shop"),
    ),
    "price_needs_currency_rule": lambda n: (
        ngettext("%(n)s is priced in another currency", "%(n)s are priced in another currency", n),
        _("%(who)s sets an exchange rate"),
    ),
    "price_needs_tax_rule": lambda n: (
        ngettext("%(n)s is priced with other taxes", "%(n)s are priced with other taxes", n),
        _("%(who)s sets a rule for it"),
    ),
}
