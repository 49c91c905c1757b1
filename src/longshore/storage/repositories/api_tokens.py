"""Keys of programs: made once and shown once, kept as a hash, revoked at any time."""

import json
import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, connection, transaction

from longshore.domain.access import Scope
from longshore.ports.errors import Rejected
from longshore.storage.models import ApiReply, ApiToken
from longshore.storage.tokens import digest_of, new_token

BEGIN = "lsk_"
SHOWN = 10
REMEMBERED = timedelta(hours=24)
WINDOW = timedelta(minutes=1)
A_WINDOW = 600
"""Requests a key may make in a window."""


@dataclass(frozen=True, slots=True)
class Program:
    """Who asks, as its key says."""

    token_id: int
    marketplace_id: int
    name: str
    scopes: frozenset[str]
    wait_s: int = 0
    """Above 0: it asked too often, and may ask again then."""
    left: int = 0
    """Requests it may still make until the window ends, in `ends_s`; of A_WINDOW."""
    ends_s: int = 0


def make_token(
    marketplace_id: int,
    user_id: int | None,
    name: str,
    scopes: Iterable[str],
    at: datetime,
    expires_at: datetime | None = None,
) -> tuple[int, str]:
    """(id, the key): the key is never shown again. Raises Rejected for an unknown scope."""
    wanted = sorted(set(scopes))
    known = {scope.value for scope in Scope}
    if not wanted or not known.issuperset(wanted):
        raise Rejected("Choose at least one of the scopes a key can have.")
    key = BEGIN + new_token()
    row = ApiToken.objects.create(
        marketplace_id=marketplace_id,
        name=name.strip(),
        begin=key[:SHOWN],
        digest=digest_of(key),
        scopes=wanted,
        made_by_id=user_id,
        created_at=at,
        expires_at=expires_at,
    )
    return row.pk, key


def revoke_token(marketplace_id: int, token_id: int, at: datetime) -> str:
    """The key opens nothing from now on; returns its name. Raises Rejected when there is none."""
    rows = ApiToken.objects.filter(marketplace_id=marketplace_id, pk=token_id, revoked_at=None)
    row = rows.first()
    if row is None or not rows.update(revoked_at=at):
        raise Rejected("There is no such key, or it was revoked already.")
    return row.name


_COUNT = """
UPDATE storage_apitoken SET used_at = %(now)s,
    window_used = CASE WHEN window_at > %(from)s THEN window_used + 1 ELSE 1 END,
    window_at = CASE WHEN window_at > %(from)s THEN window_at ELSE %(now)s END
WHERE digest = %(digest)s AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > %(now)s)
RETURNING id, marketplace_id, name, scopes, window_used, window_at
"""


def program_of(key: str, at: datetime) -> Program | None:
    """Whose key it is; None for a wrong, old or revoked one. The request is counted."""
    asked: dict[str, Any] = {"now": at, "from": at - WINDOW, "digest": digest_of(key)}
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, asked)
        row = cursor.fetchone()
    if row is None:
        return None
    token_id, marketplace_id, name, scopes, used, since = row
    granted = json.loads(scopes) if isinstance(scopes, str) else scopes
    ends = max(0, math.ceil((since + WINDOW - at).total_seconds()))
    return Program(
        token_id,
        marketplace_id,
        name,
        frozenset(granted),
        wait_s=ends if used > A_WINDOW else 0,
        left=max(0, A_WINDOW - used),
        ends_s=ends,
    )


@dataclass(frozen=True, slots=True)
class Reply:
    """`status` None: the first request with this key is still at work."""

    status: int | None
    body: str
    same_request: bool


def begin_reply(program: Program, key: str, request: str, at: datetime) -> Reply | None:
    """None: the request is the first with this key, and its answer must be kept with `keep_reply`
    or `drop_reply`. Else what was answered then.
    """
    ApiReply.objects.filter(
        token_id=program.token_id, key=key, created_at__lte=at - REMEMBERED
    ).delete()
    digest = digest_of(request)
    try:
        with transaction.atomic():
            ApiReply.objects.create(
                marketplace_id=program.marketplace_id,
                token_id=program.token_id,
                key=key,
                request=digest,
                created_at=at,
            )
    except IntegrityError:
        row = ApiReply.objects.get(token_id=program.token_id, key=key)
        return Reply(row.status, row.body, row.request == digest)
    return None


def keep_reply(program: Program, key: str, status: int, body: str) -> None:
    rows = ApiReply.objects.filter(token_id=program.token_id, key=key)
    rows.update(status=status, body=body)


def drop_reply(program: Program, key: str) -> None:
    """Nothing was done: the same key may ask again."""
    ApiReply.objects.filter(token_id=program.token_id, key=key, status=None).delete()


def forget_old_replies(at: datetime) -> None:
    ApiReply.objects.filter(created_at__lte=at - REMEMBERED).delete()


def as_request(method: str, path: str, body: bytes) -> str:
    """What makes two requests the same."""
    return json.dumps([method, path, body.decode("utf-8", "replace")])
