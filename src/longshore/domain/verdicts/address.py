"""Verdicts on the address, its redirects, and where the shop's API is."""

from longshore.domain.problem import Severity, Who
from longshore.domain.verdicts.kind import Verdict

STOP, WARNING, NOTE = Severity.STOP, Severity.WARNING, Severity.NOTE
VENDOR, HOST, OPERATOR, NOBODY = Who.VENDOR, Who.HOST, Who.OPERATOR, Who.NOBODY

ADDRESS = (
    Verdict(
        "D10",
        NOTE,
        NOBODY,
        "{given} leads on to {base}.",
        "We use {base}, the address the shop prefers.",
        "Nothing to do.",
    ),
    Verdict(
        "D11",
        STOP,
        VENDOR,
        "{host} sends us on to {target}.",
        "A members-only or force-login plugin, a parked domain or a server rule keeps programs from"
        " the shop's data.",
        "Allow the path {path} in the plugin that asks visitors to sign in.",
        "Requests to {path} on {host} are redirected to {target}. Please let them through.",
    ),
    Verdict(
        "D12",
        WARNING,
        VENDOR,
        "The usual address of the shop's data answers with a page; another one works.",
        "Permalinks are set to Plain, or the server's rewrite rules are missing. We use the other"
        " address.",
        "Better: WordPress > Settings > Permalinks, choose Post name and save. Saving once also"
        " repairs the rules.",
    ),
    Verdict(
        "D13",
        STOP,
        VENDOR,
        "The shop answers, but its REST API is closed to visitors ({code}).",
        "A plugin or a snippet in the theme switches the WordPress REST API off.",
        "In that plugin ({plugin}) allow the routes /wc/v3, or switch the option off.",
    ),
    Verdict(
        "D14",
        NOTE,
        NOBODY,
        "A sign-in plugin of the shop takes the authorization header for its own ({code}).",
        "We sign in without that header.",
        "Nothing to do.",
    ),
    Verdict(
        "D15",
        STOP,
        VENDOR,
        "The whole site asks for a password.",
        "It is a staging copy, or its folder is protected by the server.",
        "Remove that password, or exclude /wp-json/ from it.",
        "Please exclude /wp-json/ on {host} from the password protection of the site.",
    ),
    Verdict(
        "D16",
        NOTE,
        NOBODY,
        "The shop's data is at {root}.",
        "WordPress is in a folder of its own, or its prefix was changed. We found it by the site's"
        " own link.",
        "Nothing to do.",
    ),
    Verdict(
        "D17",
        STOP,
        VENDOR,
        "WordPress answers at {host}, but WooCommerce is not active there.",
        "WooCommerce is switched off, or this is another site of the same network.",
        "Switch WooCommerce on. With several sites, enter the address of the one with the shop.",
    ),
    Verdict(
        "D18",
        WARNING,
        VENDOR,
        "The shop speaks the older API {dialect}.",
        "WooCommerce {version} works here, with limits.",
        "Update WooCommerce when you can: newer versions are faster.",
    ),
    Verdict(
        "D19",
        STOP,
        VENDOR,
        "The shop's only API is switched off.",
        "WooCommerce before 2.6 needs its own REST API to be enabled.",
        "Switch it on: {switch}.",
    ),
)

LEGACY_SWITCHES = (
    ((2, 2), (2, 4), "WooCommerce > Settings > General, tick Enable the REST API, and save"),
    ((2, 4), (3, 3), "WooCommerce > Settings > API, tick Enable the REST API, and save"),
    (
        (3, 3),
        (3, 4),
        "WooCommerce > Settings > REST API, tick Enable the legacy REST API, and save",
    ),
    ((3, 4), (9, 0), "WooCommerce > Settings > Advanced > Legacy API, tick it, and save"),
)
"""Where the switch stands: (from this version, before this version, the place). Read in the tagged
sources of each version.
"""

ANY_SWITCH = (
    "before 2.4 under WooCommerce > Settings > General (Enable the REST API), from 2.4 under"
    " WooCommerce > Settings > API, from 3.4 under WooCommerce > Settings > Advanced > Legacy API"
)


def legacy_switch(version: str) -> str:
    """Where the old API is switched on in this version, every place where it is not known."""
    numbers = tuple(int(part) for part in version.split(".")[:2] if part.isdecimal())
    for first, before, place in LEGACY_SWITCHES:
        if first <= numbers < before:
            return place
    return ANY_SWITCH
