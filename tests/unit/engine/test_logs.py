import json
import subprocess
import sys

import pytest

from longshore import logs

KEY = "ck_0123456789abcdef0123456789abcdef01234567"
TOKEN = "shpat_0123456789abcdef0123456789abcdef"


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        (f"GET /wp-json/wc/v3/products?consumer_key={KEY}&page=1", KEY),
        ("GET /?consumer_secret=cs_fake&page=1", "cs_fake"),
        ("oauth_signature=abc%2Fdef%3D&x=1", "abc%2Fdef%3D"),
        (f"token {TOKEN} was refused", TOKEN),
        ("Authorization: Basic Y2tfZmFrZTpjc19mYWtl", "Y2tfZmFrZTpjc19mYWtl"),
        ("Bearer eyJhbGciOi.fake-token_1~2", "eyJhbGciOi.fake-token_1~2"),
        ("postgresql://hub:pa55word@db.example/hub", "pa55word"),
        ("billing.email: ada.buyer+x@mail.example is no address", "ada.buyer"),
        ("bad row\nDETAIL:  Failing row contains (7, Ada Buyer).\nHINT", "Ada Buyer"),
        ('CONTEXT:  COPY orders, line 1, column name: "Ada Buyer"', "Ada Buyer"),
    ],
)
def test_what_looks_like_a_key_is_left_out(text: str, secret: str) -> None:
    assert secret not in logs.redact_text(text)
    assert logs.HIDDEN in logs.redact_text(text)


def test_ordinary_text_stays() -> None:
    text = "Product 12 'Basic shirt' at https://shop.example/product/12?page=1 has no stock"
    assert logs.redact_text(text) == text


def test_secrets_are_left_out_by_name_at_any_depth() -> None:
    event = {
        "event": "signature_wrong",
        "password": "fake",
        "headers": {"Authorization": "fake", "Accept": "json"},
        "tries": [{"api_key": "fake", "n": 1}],
        "count": 3,
    }
    assert logs.redact(None, "info", event) == {
        "event": "signature_wrong",
        "password": logs.HIDDEN,
        "headers": {"Authorization": logs.HIDDEN, "Accept": "json"},
        "tries": [{"api_key": logs.HIDDEN, "n": 1}],
        "count": 3,
    }


PROGRAM = """
import logging, structlog
from longshore import logs
logs.configure("json", also_redact=lambda text: text.replace("Jane Fake", "<name>"))
ours, theirs = structlog.get_logger("longshore.test"), logging.getLogger("library")
ours.info("order_read", buyer="Jane Fake", token="x")
theirs.warning("refused %s for Jane Fake", "{token}")
for log in (ours, theirs):
    try:
        raise ValueError("bad key {key}")
    except ValueError:
        log.exception("job_failed")
"""


def test_every_line_passes_the_same_door() -> None:
    """In a process of its own: pytest's handlers would write the lines as well."""
    program = PROGRAM.format(token=TOKEN, key=KEY)
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    assert KEY.encode() not in done.stderr
    ours, library, *failures = map(json.loads, done.stderr.splitlines())
    assert (ours["event"], ours["buyer"], ours["token"]) == ("order_read", "<name>", logs.HIDDEN)
    assert library["event"] == f"refused {logs.HIDDEN} for <name>"
    assert [failure["exception"].splitlines()[-1] for failure in failures] == [
        f"ValueError: bad key {logs.HIDDEN}",
        f"ValueError: bad key {logs.HIDDEN}",
    ]
