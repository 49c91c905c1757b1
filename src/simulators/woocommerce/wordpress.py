"""What differs between the versions of WordPress under the shop, as data.

Seen on real shops of 4.0, 4.3, 4.6, 4.7, 5.0, 5.3 and 6.9; what came between two of those stands at
the release in which WordPress announced it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

NOT_CACHED_SINCE_WP_6 = "no-cache, must-revalidate, max-age=0, no-store, private"


@dataclass(frozen=True, slots=True)
class WordPress:
    """One release; the defaults are those of 3.8."""

    rest: bool = False  # the REST API, its `Link` header on every page
    index_php_root: bool = False  # /index.php?rest_route=/ with plain permalinks, else /?rest_route
    says_zone: bool = False  # gmt_offset and timezone_string in the index
    chooses_fields: bool = False  # `_fields`
    looks_into_lists: bool = False  # checks what is inside the lists and objects of a body
    ends_sentences: bool = False  # "is not of type integer."
    ends_no_route: bool = False  # "No route ... request method."
    and_in_lists: bool = False  # "is not one of a, b, and c."
    param_details: bool = False  # in rest_invalid_param
    refuses_bad_json: bool = False  # else it is as good as no body
    tells_fatal_errors: bool = False  # a JSON body of a fatal error, else an empty one
    says_redirects: bool = False  # X-Redirect-By
    empty_last_modified: bool = False
    plain_integers: bool = False  # 4.5 is cut to 4 where an integer is wanted
    link_lists: bool = False  # `_links.self` of the index is a list
    front_page: bool = False  # page_on_front and the like in the index, logo and icon
    application_passwords: bool = False
    target_hints: bool = False  # verbs in `_links`
    allows: str = ""  # Access-Control-Allow-Headers
    exposes: str = "X-WP-Total, X-WP-TotalPages"
    not_cached: str = "no-cache, must-revalidate, max-age=0"


CHANGES: tuple[tuple[tuple[int, int], Mapping[str, Any]], ...] = (
    (
        (4, 4),
        {
            "rest": True,
            "allows": "Authorization",
            "plain_integers": True,
            "empty_last_modified": True,
        },
    ),
    (
        (4, 7),
        {
            "says_zone": True,
            "ends_sentences": True,
            "refuses_bad_json": True,
            "plain_integers": False,
            "allows": "Authorization, Content-Type",
        },
    ),
    ((4, 8), {"chooses_fields": True}),
    ((4, 9), {"looks_into_lists": True, "index_php_root": True}),
    ((5, 0), {"empty_last_modified": False}),
    ((5, 1), {"says_redirects": True}),
    ((5, 2), {"tells_fatal_errors": True}),
    (
        (5, 5),
        {
            "ends_no_route": True,
            "and_in_lists": True,
            "param_details": True,
            "exposes": "X-WP-Total, X-WP-TotalPages, Link",
            "allows": "Authorization, X-WP-Nonce, Content-Disposition, Content-MD5, Content-Type",
        },
    ),
    ((5, 6), {"application_passwords": True}),
    ((5, 9), {"front_page": True, "link_lists": True}),
    ((6, 1), {"not_cached": NOT_CACHED_SINCE_WP_6}),
    ((6, 7), {"target_hints": True}),
)


@cache
def wordpress_of(release: str) -> WordPress:
    """Any release, by its major and minor number."""
    parts = [int(part) if part.isdecimal() else 0 for part in release.split(".")]
    major, minor = (*parts, 0, 0)[:2]
    found = WordPress()
    for since, changes in CHANGES:
        if (major, minor) >= since:
            found = replace(found, **changes)
    return found
