"""Our webhooks in a store: exactly one that works for each topic. A broken one is made anew before
the old one goes: switching it on again keeps its count of failures, and one more disables it.
"""

import hashlib
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from longshore.ports.errors import LongshoreError, TryLater
from longshore.ports.stores import WebhookReport
from longshore.stores.woocommerce import wire
from longshore.stores.woocommerce.client import NOT_FOUND, OK, Api, Refused
from longshore.stores.woocommerce.dialects import Dialect
from longshore.stores.woocommerce.dialects.legacy import LEGACY_V3
from longshore.stores.woocommerce.wire import Json

NAME = "Longshore"
BAD_REQUEST = 400


class _UnknownTopic(Exception):  # noqa: N818 - an answer, not a mistake
    """The shop has no such topic: "restored" came during 3.x."""


def ensure(
    api: Api, dialect: Dialect, topics: Sequence[str], url: str, secret: str
) -> WebhookReport:
    """The secret is never shown by a store, so it is part of the name as a short mark: when ours
    changed, the webhook is made anew.
    """
    topics = [topic for topic in topics if topic in dialect.topics]
    ours = [row for row in _all(api, dialect) if wire.text(row.get("delivery_url")) == url]
    active: list[str] = []
    created: list[str] = []
    replaced: list[str] = []
    failed: dict[str, str] = {}
    for topic in topics:
        mine = [row for row in ours if wire.text(row.get("topic")) == topic]
        good = [row for row in mine if _works(row, secret)]
        try:
            if not good:
                _create(api, dialect, topic, url, secret)
                (replaced if mine else created).append(topic)
        except _UnknownTopic:
            continue  # of a later version; polling and sweeps see what it would tell
        except LongshoreError as problem:
            failed[topic] = problem.person
            continue
        active.append(topic)
        for row in [one for one in mine if one not in good] + good[1:]:
            with suppress(LongshoreError):  # the good one works; this is asked for again
                _delete(api, dialect, row)
    return WebhookReport(tuple(active), tuple(created), tuple(replaced), failed)


def remove(api: Api, dialect: Dialect, url: str) -> int:
    ours = [row for row in _all(api, dialect) if wire.text(row.get("delivery_url")) == url]
    for row in ours:
        _delete(api, dialect, row)
    return len(ours)


def _mark(secret: str) -> str:
    return hashlib.sha256(f"webhook name {secret}".encode()).hexdigest()[:8]


def _works(row: Json, secret: str) -> bool:
    name = wire.text(row.get("name"))
    return wire.text(row.get("status")) == "active" and name.endswith(_mark(secret))


def _create(api: Api, dialect: Dialect, topic: str, url: str, secret: str) -> None:
    """Active without a word: a status is refused by `wc/v1`, whatever it is (measured on 2.6.0)."""
    body: dict[str, Any] = {
        "name": f"{NAME} {topic} {_mark(secret)}",
        "topic": topic,
        "delivery_url": url,
        "secret": secret,
    }
    if dialect.envelopes.webhook:
        body = {dialect.envelopes.webhook: body}
    try:
        api.write("POST", f"{dialect.root}/webhooks", body)
    except Refused as refused:
        if refused.status == BAD_REQUEST and "topic" in refused.code:
            raise _UnknownTopic from None
        raise api.named(refused) from None


def _delete(api: Api, dialect: Dialect, row: Json) -> None:
    number = wire.integer(row.get("id"))
    try:
        api.write("DELETE", f"{dialect.root}/webhooks/{number}", params={"force": "true"})
    except Refused as refused:
        if refused.status != NOT_FOUND:
            raise api.named(refused) from None
    except TryLater:
        # 3.3.0 crashes on every deletion and takes no change; its old API does delete (measured).
        if dialect.name != "wc/v2" or not _deleted_by_old_api(api, number):
            raise


def _deleted_by_old_api(api: Api, number: int | None) -> bool:
    with suppress(LongshoreError):
        return api.exchange("DELETE", f"{LEGACY_V3.root}/webhooks/{number}").status in OK
    return False


def _all(api: Api, dialect: Dialect) -> list[Json]:
    rows: list[Json] = []
    names = dialect.names
    for number in range(100):
        params = {names.limit: "100", names.offset: str(number * 100)}
        params |= {**names.by_id, **dialect.every_webhook}
        try:
            page = api.page(f"{dialect.root}/webhooks", params, dialect.envelopes.webhooks)
        except Refused as refused:
            raise api.named(refused) from None
        rows += page.rows
        if len(page.rows) < int(params[names.limit]):
            break
    return rows
