"""People and programs: who belongs where, their keys, their filters, the list of their deeds."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from longshore.storage.repositories import api_tokens, deeds, saved_filters, settling, team
from longshore.storage.repositories import undo as _undo
from longshore.wiring.shops import clock

Doer = deeds.Doer
What = deeds.What
Program = api_tokens.Program


def requests_a_window() -> int:
    """How many requests a key may make in a minute."""
    return api_tokens.A_WINDOW


Reply = api_tokens.Reply

change_role = team.change_role
remove_member = team.remove_member
save_filter = saved_filters.save_filter
drop_filter = saved_filters.drop_filter
keep_reply = api_tokens.keep_reply
drop_reply = api_tokens.drop_reply
as_request = api_tokens.as_request


def note_deed(doer: Doer, what: What) -> int:
    """Writes down what somebody did, in the caller's transaction; returns its id."""
    return deeds.note_deed(doer, what, clock.now())


def undo_deed(doer: Doer, deed_id: int) -> None:
    """Takes it back, in the caller's transaction. Raises Rejected."""
    _undo.undo_deed(doer, deed_id, clock.now())


def settle_findings(
    marketplace_id: int, ids: Sequence[int], user_id: int | None
) -> tuple[int, ...]:
    """See `storage.repositories.settling`; in the caller's transaction."""
    return settling.settle_findings(marketplace_id, ids, user_id, clock.now())


def make_token(
    marketplace_id: int,
    user_id: int | None,
    name: str,
    scopes: Iterable[str],
    expires_at: datetime | None = None,
) -> tuple[int, str]:
    """A program's key, (id, key); shown once. Raises Rejected."""
    now = clock.now()
    return api_tokens.make_token(marketplace_id, user_id, name, scopes, now, expires_at)


def revoke_token(marketplace_id: int, token_id: int) -> str:
    """Returns the key's name. Raises Rejected."""
    return api_tokens.revoke_token(marketplace_id, token_id, clock.now())


def program_of(key: str) -> Program | None:
    """Whose key it is; None for a wrong, old or revoked one."""
    return api_tokens.program_of(key, clock.now())


def begin_reply(program: Program, key: str, request: str) -> Reply | None:
    """See `storage.repositories.api_tokens.begin_reply`."""
    return api_tokens.begin_reply(program, key, request, clock.now())
