"""Verdicts on keys, rights and signatures."""

from longshore.domain.problem import Severity, Who
from longshore.domain.verdicts.kind import Verdict

STOP, WARNING, NOTE = Severity.STOP, Severity.WARNING, Severity.NOTE
VENDOR, HOST, OPERATOR, NOBODY = Who.VENDOR, Who.HOST, Who.OPERATOR, Who.NOBODY

_NEW_KEY = (
    "Make a new key with permission Read/Write and copy both values: WooCommerce > Settings >"
    " Advanced > REST API (before 3.4 Settings > API > Keys/Apps, before 2.4 your WordPress user)."
)
_READ_WRITE = (
    "Open the key, set Permissions to Read/Write, save: WooCommerce > Settings > Advanced > REST"
    " API (before 3.4 Settings > API > Keys/Apps, before 2.4 your WordPress user)."
)

KEYS = (
    Verdict(
        "D34",
        STOP,
        VENDOR,
        "The shop does not know this key.",
        "It was revoked, belongs to another site or a copy of it, or its WordPress user was"
        " deleted; keys go with their user.",
        _NEW_KEY,
    ),
    Verdict(
        "D35",
        NOTE,
        HOST,
        "The server drops the authorization header.",
        "We sign each request in its address instead; it works the same.",
        "Nothing to do. The host can mend it with one line in .htaccess.",
        'Please pass the Authorization header on to PHP, e.g. SetEnvIf Authorization "(.*)"'
        " HTTP_AUTHORIZATION=$1",
    ),
    Verdict(
        "D35x",
        STOP,
        HOST,
        "The server drops the authorization header.",
        "WooCommerce before 2.6 takes a key over https from that header, or from the address, where"
        " it lands in the server's logs.",
        "Ask the host to pass the header on, with the message below. Or agree that we write the key"
        " into the address.",
        'Please pass the Authorization header on to PHP, e.g. SetEnvIf Authorization "(.*)"'
        " HTTP_AUTHORIZATION=$1",
    ),
    Verdict(
        "D36",
        NOTE,
        HOST,
        "The shop does not know that it is reached over https.",
        "A proxy ends the encryption and does not say so. We sign for the address the shop believes"
        " in.",
        "Nothing to do. The host can mend it in wp-config.php.",
        "Behind the proxy $_SERVER['HTTPS'] is not set. Please set it to 'on' when"
        " X-Forwarded-Proto is https.",
    ),
    Verdict(
        "D37",
        STOP,
        VENDOR,
        "The consumer key is right, the consumer secret is not.",
        "The secret belongs to another key, or a part of it is missing.",
        _NEW_KEY,
    ),
    Verdict(
        "D38",
        NOTE,
        HOST,
        "The shop's clock is {minutes} minutes off.",
        "Signatures are valid for 15 minutes, so we sign with the shop's time.",
        "Nothing to do. The host should set the server's clock.",
        "The clock of the server of {host} is {minutes} minutes off. Please synchronize it.",
    ),
    Verdict(
        "D39",
        STOP,
        VENDOR,
        "The key may read, but not write.",
        "Products and stock could be read, but no order could be sent.",
        _READ_WRITE,
    ),
    Verdict(
        "D39b",
        STOP,
        VENDOR,
        "The key may write, but not read.",
        "Without reading, neither products nor stock can come in.",
        _READ_WRITE,
    ),
    Verdict(
        "D40",
        STOP,
        VENDOR,
        "The user of the key has too few rights in the shop.",
        "A key can do what its user may do; this user may not see orders.",
        "Make a new key and choose an administrator or shop manager as its user.",
    ),
    Verdict(
        "D41",
        STOP,
        HOST,
        "The server drops what stands after the question mark of an address.",
        "Pages and filters cannot work without it.",
        "Send the message below to the host.",
        "On {host} the query string does not reach WordPress for /wp-json/. In nginx: try_files"
        " $uri $uri/ /index.php?$args;",
    ),
    Verdict(
        "D42",
        NOTE,
        VENDOR,
        "The shop believes its address is {home}, but it is reached at {base}.",
        "Signatures do not fit, so we sign in with the authorization header.",
        "Better: WordPress > Settings > General, set both addresses to the public one.",
    ),
    Verdict(
        "D43",
        WARNING,
        HOST,
        "The same request is let in one time and turned away the next.",
        "Two servers behind one name differ, or a firewall steps in now and then.",
        "Send the message below to the host. We repeat what was turned away.",
        "Identical authorized requests to {host} are answered differently from call to call. Please"
        " check whether all servers behind the name share one database.",
    ),
    Verdict(
        "D44",
        NOTE,
        HOST,
        "The server removes the counts of the shop's lists.",
        "We read until a short page and check by the products' numbers.",
        "Nothing to do. The host can let the headers X-WP-Total and X-WP-TotalPages through.",
        "Please do not strip the response headers X-WP-Total and X-WP-TotalPages on {host}.",
    ),
    Verdict(
        "D45",
        WARNING,
        VENDOR,
        "Answers of the shop's API come from a cache.",
        "Stock may be old when we read it, so we ask past the cache where that is possible.",
        "Exclude /wp-json/ from caching. In LiteSpeed Cache: Cache > Cache REST API: off.",
        "Please exclude /wp-json/ on {host} from every cache.",
    ),
)
