"""Verdicts on what comes back and how fast, and on what changed since it worked."""

from longshore.domain.problem import Severity, Who
from longshore.domain.verdicts.kind import Verdict

STOP, WARNING, NOTE = Severity.STOP, Severity.WARNING, Severity.NOTE
VENDOR, HOST, OPERATOR, NOBODY = Who.VENDOR, Who.HOST, Who.OPERATOR, Who.NOBODY

ANSWERS = (
    Verdict(
        "D46",
        WARNING,
        VENDOR,
        "The shop writes something beside its data ({junk}).",
        "A PHP notice, a file saved with a byte order mark, or a plugin's comment. We cut it off.",
        "Set WP_DEBUG_DISPLAY to false in wp-config.php, or save that file without BOM.",
    ),
    Verdict(
        "D47",
        WARNING,
        VENDOR,
        "The shop breaks on large lists, not on small ones.",
        "A product breaks it, or its memory is too small. We read smaller pages and set aside what"
        " cannot be read.",
        "Open the products named on the connection page and save each one again.",
        "Lists of 100 products from /wp-json/wc/ on {host} end in an error {status}. Please raise"
        " PHP's memory limit.",
    ),
    Verdict(
        "D48",
        WARNING,
        HOST,
        "The shop answers slowly ({seconds} s).",
        "Its host is at the limit. We read more slowly and mostly at night.",
        "Nothing to do. A larger plan at the host would make the shop faster for buyers too.",
        "Requests to /wp-json/ on {host} take {seconds} s or end in {status}. Please check the load"
        " of the server.",
    ),
    Verdict(
        "D49",
        NOTE,
        NOBODY,
        "The host asks us to slow down (429).",
        "We do as it asks.",
        "Nothing to do.",
    ),
    Verdict(
        "D50",
        STOP,
        NOBODY,
        "The shop is in maintenance.",
        "An update is running, or a coming-soon page is switched on. Stock is held meanwhile.",
        "Nothing to do while an update runs. Otherwise switch the maintenance or coming-soon page"
        " off.",
    ),
    Verdict(
        "D51",
        STOP,
        VENDOR,
        "It worked until {since}; since then: {changes}.",
        "What changed is the likely cause.",
        "Switch off {candidate} for a moment and try again here.",
    ),
    Verdict(
        "D00",
        STOP,
        HOST,
        "{host} answers with something we do not know ({status}).",
        "Neither the shop's data nor a cause we can name.",
        "Send the message below to the host.",
        "On {at} a request to {path} on {host} was answered with {status}{trace} in place of the"
        " shop's data. Please say what answers there.",
    ),
)
