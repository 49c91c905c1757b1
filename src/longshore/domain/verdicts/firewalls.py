"""Verdicts on what stands between us and the shop: firewalls, bot shields, security plugins."""

from longshore.domain.problem import Severity, Who
from longshore.domain.verdicts.kind import Verdict

STOP, WARNING, NOTE = Severity.STOP, Severity.WARNING, Severity.NOTE
VENDOR, HOST, OPERATOR, NOBODY = Who.VENDOR, Who.HOST, Who.OPERATOR, Who.NOBODY

_TO_HOST = (
    "On {at} a request to {path} on {host} was answered with {status} by {name}. Our program calls"
    " itself {agent} and uses the shop's REST API with a key of the owner. Please exempt"
    " /wp-json/wc/ from that protection{trace}."
)

FIREWALLS = (
    Verdict(
        "D20",
        STOP,
        VENDOR,
        "Cloudflare asks our program to solve a puzzle.",
        "Bot protection of the shop's Cloudflare account takes us for an unwanted robot.",
        "In Cloudflare, add a WAF rule that skips paths beginning with /wp-json/wc/. On the free"
        " plan switch Bot Fight Mode off: skip rules do not cover it.",
        _TO_HOST,
    ),
    Verdict(
        "D21",
        STOP,
        VENDOR,
        "Cloudflare turns our address away ({status}).",
        "A rule of the shop's Cloudflare account blocks our address, country or program.",
        "In Cloudflare open Security > Events, find the request and allow it.",
        _TO_HOST,
    ),
    Verdict(
        "D22",
        STOP,
        HOST,
        "Cloudflare cannot reach the shop's own server ({status}).",
        "The server behind Cloudflare is down or misconfigured.",
        "Send the message below to the host. We try again by ourselves.",
        "Cloudflare answers {status} for {host}: it cannot reach the origin server{trace}.",
    ),
    Verdict(
        "D23",
        STOP,
        HOST,
        "The host shows our program a captcha.",
        "The anti-bot system of the host takes us for an unwanted robot.",
        "Send the message below to the host's support.",
        _TO_HOST,
    ),
    Verdict(
        "D24",
        STOP,
        VENDOR,
        "Wordfence blocks our program.",
        "The shop's security plugin counts our requests as an attack.",
        "In WordPress: Wordfence > Firewall > All Firewall Options, add our server's address to the"
        " allowlisted ones.",
    ),
    Verdict(
        "D25",
        WARNING,
        VENDOR,
        "Requests with long addresses are turned away, short ones are not.",
        "A setting of Solid Security (iThemes) filters addresses it finds suspicious. We use short"
        " ones, so more has to be read than is needed.",
        "Solid Security > Settings > System Tweaks: switch off Filter Suspicious Query Strings and"
        " Filter Long URL Strings.",
    ),
    Verdict(
        "D26",
        WARNING,
        VENDOR,
        "The shop uses {plugin}.",
        "That plugin is known to disturb connections like this one.",
        "If the connection breaks, add /wp-json/wc/ to what {plugin} lets through.",
    ),
    Verdict(
        "D26x",
        STOP,
        VENDOR,
        "{plugin} turns our program away ({status}).",
        "The shop's security plugin takes us for an unwanted robot.",
        "In the settings of {plugin}, allow the path /wp-json/wc/ or our server's address.",
    ),
    Verdict(
        "D27",
        STOP,
        VENDOR,
        "The Sucuri firewall turns us away.",
        "The shop's Sucuri account blocks our address.",
        "In Sucuri: Access Control > Allow List, add our server's address.",
        _TO_HOST,
    ),
    Verdict(
        "D28",
        STOP,
        HOST,
        "A bot shield of the host turns us away.",
        "The host protects all its customers against robots and takes us for one.",
        "Send the message below to the host's support.",
        _TO_HOST,
    ),
    Verdict(
        "D29",
        STOP,
        HOST,
        "A rule of the web server turns our request away ({status}).",
        "ModSecurity or a rule set like it dislikes something in the request.",
        "Send the message below to the host's support.",
        _TO_HOST,
    ),
    Verdict(
        "D30",
        STOP,
        HOST,
        "The host blocks programs by their name ({status}).",
        "Other names get in; ours is honest and stays as it is.",
        "Send the message below to the host's support.",
        _TO_HOST,
    ),
    Verdict(
        "D31",
        STOP,
        HOST,
        "A stored web page came in place of the shop's data.",
        "A page cache answers for the API.",
        "Exclude /wp-json/ from the page cache.",
        "Please exclude /wp-json/ on {host} from the page cache; it must never be cached.",
    ),
    Verdict(
        "D32",
        NOTE,
        NOBODY,
        "The host lets only reading and POST through ({status}).",
        "We use POST for every change; it works the same.",
        "Nothing to do.",
    ),
    Verdict(
        "D33",
        WARNING,
        VENDOR,
        "Anybody can read the shop's orders without a key.",
        "A plugin or a snippet opens the shop's API to the world, with the buyers' data in it.",
        "Find and remove that snippet soon.",
    ),
)
