"""Verdicts on what was typed and on the way to the shop."""

from longshore.domain.problem import Severity, Who
from longshore.domain.verdicts.kind import Verdict

STOP, WARNING, NOTE = Severity.STOP, Severity.WARNING, Severity.NOTE
VENDOR, HOST, OPERATOR, NOBODY = Who.VENDOR, Who.HOST, Who.OPERATOR, Who.NOBODY

NETWORK = (
    Verdict(
        "D01",
        STOP,
        VENDOR,
        "The {which} is not a whole key: {problem}.",
        "WooCommerce shows the consumer secret only once; its list later shows just the last seven"
        " characters of the key.",
        "Make a new key: WooCommerce > Settings > Advanced > REST API > Add key, permission"
        " Read/Write. Copy both values before leaving that page.",
    ),
    Verdict(
        "D02",
        STOP,
        VENDOR,
        "{given} does not lead to a shop's home page.",
        "We need the address that customers type to reach the shop.",
        "Enter the address of the home page, for example https://yourshop.example.",
    ),
    Verdict(
        "D03",
        STOP,
        VENDOR,
        "{host} is made with {platform}.",
        "Only shops on WordPress with WooCommerce can be connected here.",
        "Enter the address of the WooCommerce shop.",
    ),
    Verdict(
        "D04",
        STOP,
        VENDOR,
        "There is no site named {host}.",
        "The address has a typing mistake, or the domain is no longer registered.",
        "Check the address letter by letter; if it is right, ask whether the domain is paid.",
        "The name {host} does not resolve to an address. Please check its DNS records.",
    ),
    Verdict(
        "D05",
        STOP,
        OPERATOR,
        "{host} is an address inside a private network.",
        "It cannot be reached from the internet, and addresses like it are refused for safety.",
        "Enter the shop's public address. To allow this network on purpose, name it in"
        " LONGSHORE_ALLOW_NETS.",
    ),
    Verdict(
        "D06",
        STOP,
        HOST,
        "{host} does not answer us ({how}).",
        "Its server is down, or its firewall turns our server away although browsers get in.",
        "Open {host} in a browser. If it opens, send the message below to the host.",
        "Requests from our server to {host} get no answer at the network level ({how}). Please"
        " allow them; our program calls itself {agent}.",
    ),
    Verdict(
        "D07",
        STOP,
        HOST,
        "The certificate of {host} cannot be traced to a known authority.",
        "The server does not send the intermediate certificate. Browsers often fill the gap, other"
        " programs cannot.",
        "Ask the host to install the full certificate chain.",
        "The TLS certificate of {host} is served without its intermediate certificate. Please"
        " install the full chain (fullchain.pem).",
    ),
    Verdict(
        "D08",
        STOP,
        HOST,
        "The certificate of {host} cannot be trusted: {problem}.",
        "Visitors may see a warning too, and we never send keys over such a connection.",
        "Ask the host to renew the certificate; it costs nothing.",
        "The TLS certificate of {host} is not valid ({problem}). Please renew or replace it.",
    ),
    Verdict(
        "D09",
        WARNING,
        HOST,
        "{host} answers over http only.",
        "The connection works, since each request is signed, but what it carries can be read on"
        " the way.",
        "Ask the host for a free certificate so that the shop is reached over https.",
        "Please enable HTTPS for {host} (a free certificate is enough).",
    ),
)
