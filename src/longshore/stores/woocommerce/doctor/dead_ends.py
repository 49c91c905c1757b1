"""What it means when no shop was found: nobody answers, or something else than its API does."""

from collections.abc import Callable, Sequence
from urllib.parse import urlsplit

from longshore.domain.replies import (
    CERTIFICATE,
    Reply,
    Trouble,
    opens_later,
    page_for_everything,
    platform_named,
    served_from_cache,
)
from longshore.stores.http import USER_AGENT
from longshore.stores.woocommerce.doctor.asking import Ends, evidence_of

_BY_HOST = {Trouble.NO_NAME: "D04", Trouble.PRIVATE: "D05", Trouble.CHAIN: "D07"}
_CERTIFICATES = {
    Trouble.EXPIRED: "it has expired",
    Trouble.OTHER_NAME: "it is for another name",
    Trouble.SELF_SIGNED: "it was signed by nobody known",
}
_SILENCES = {
    Trouble.REFUSED: "it refuses the connection",
    Trouble.TIMEOUT: "it does not answer in time",
}
TURNED_AWAY = frozenset({401, 403, 406, 410, 444, 451})
OVERLOADED = frozenset({502, 503, 504, 508})


def unreachable(reply: Reply) -> Ends:
    """There is no answer."""
    host = urlsplit(reply.url).hostname or reply.url
    match reply.trouble:
        case trouble if trouble in _BY_HOST:
            return Ends(_BY_HOST[trouble], host=host)
        case Trouble.SLOW:
            evidence = {**evidence_of(reply), "status": "no answer", "seconds": "more than 10"}
            return Ends("D48", **evidence)
        case trouble if trouble in CERTIFICATE:
            return Ends("D08", host=host, problem=_CERTIFICATES.get(trouble, "it does not verify"))
        case Trouble.ENDLESS:
            return Ends("D00", **{**evidence_of(reply), "status": "an answer without end"})
        case trouble:
            how = _SILENCES.get(trouble, "the connection breaks off")
            return Ends("D06", host=host, how=how, agent=USER_AGENT)


def broken(reply: Reply) -> Ends:
    """The server has an error of its own."""
    seconds = f"{reply.elapsed_s:.0f}"
    overloaded = reply.status in OVERLOADED
    return Ends("D48" if overloaded else "D00", **{**evidence_of(reply), "seconds": seconds})


def no_shop(
    home: Reply, instead: Sequence[Reply], *, has_index: bool, by_another_name: Callable[[], Reply]
) -> Ends:
    """`instead` is what came where the API's index was looked for; `has_index`: there is one, but
    without WooCommerce. `by_another_name` asks for the home page as a browser does.
    """
    host = urlsplit(home.url).hostname or home.url
    if has_index:
        return Ends("D17", host=host)
    platform = platform_named(home)
    if platform:
        return Ends("D03", host=host, platform=platform)
    return (
        _turned_away(home, instead, by_another_name)
        or _page_instead(home, instead)
        or _in_pieces(home, instead)
        or _something_else(home, host)
    )


def _turned_away(
    home: Reply, instead: Sequence[Reply], by_another_name: Callable[[], Reply]
) -> Ends | None:
    blocked = [one for one in (home, *instead) if one.status in TURNED_AWAY and not one.is_json]
    if not blocked:
        return None
    if blocked[0] is home:
        other = by_another_name()
        if other.status and other.status < 400:  # noqa: PLR2004 - HTTP
            return Ends("D30", **evidence_of(home))
    return Ends("D00", **evidence_of(blocked[0]))


def _page_instead(home: Reply, instead: Sequence[Reply]) -> Ends | None:
    """The same page comes for everything."""
    if not any(page_for_everything(one, home) for one in instead):
        return None
    if opens_later(home):
        return Ends("D50", **evidence_of(home))
    kept = "x-cacheable" in home.headers or served_from_cache(home)
    return Ends("D31", **evidence_of(home)) if kept or _is_wordpress(home) else None


def _in_pieces(home: Reply, instead: Sequence[Reply]) -> Ends | None:
    for reply in (home, *instead):
        if reply.status != 200 or reply.is_json:  # noqa: PLR2004 - HTTP
            continue
        text = reply.text.strip()
        what = "an empty answer" if not text else "an answer that is cut off"
        if not text or text[0] in "{[":
            return Ends("D00", **{**evidence_of(reply), "status": what})
    return None


def _something_else(home: Reply, host: str) -> Ends:
    if opens_later(home):
        return Ends("D50", **evidence_of(home))
    if _is_wordpress(home):
        return Ends("D17", host=host)
    if home.status >= 400:  # noqa: PLR2004 - HTTP
        return Ends("D00", **evidence_of(home))
    return Ends("D03", host=host, platform="something else than WordPress")


def _is_wordpress(home: Reply) -> bool:
    return home.says("wp-content", 'content="wordpress', "wp-includes")
