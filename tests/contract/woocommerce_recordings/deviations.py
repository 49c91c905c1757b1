"""Every place where the simulated shop answers otherwise than the recorded one, on purpose.

`where` is searched for in the difference as the replay words it. A row that is not needed any more
fails the tests.
"""

from contract.woocommerce_recordings.replay import Deviation

DEVIATIONS = (
    Deviation(
        "auth",
        "shop manager settings",
        r"^\.(tip|description): |^length",
        "help texts of the settings screen are not carried over; the label stands in their place",
    ),
    Deviation(
        "auth",
        "^wc/v[12]$",
        r"^\[682\]\.price_html",
        "the grouped product held one without a price when this was asked",
    ),
    Deviation(
        "products",
        "wc-analytics/products",
        "",
        "of wc-analytics only the collection of all variations is simulated",
    ),
    Deviation(
        "incremental_sync",
        "wc-analytics/variations args",
        r"^\.(schema|_links) is missing|^\.(methods|endpoints) has",
        "OPTIONS gives no schema, and lists a route once that the real shop registers four times",
    ),
)
NOT_ASKED = (
    "the index lists only routes that are simulated (the real one lists over 600)",
    "related_ids are the next few products; the real shop draws some of the same category",
    "responses are not gzipped",
    "HTML pages are short: what a program reads from them is there, styles and scripts are not",
    "order keys, cookies and nonces have another look",
)
"""Known differences that no recorded row can show."""
