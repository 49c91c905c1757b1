"""What goes wrong, and what is turned: faults, webhooks, time, knobs, tokens, versions."""

from collections import Counter
from dataclasses import fields
from typing import Any, cast

from simulators.shopify.rows import Row
from simulators.shopify.settings import ShopSettings
from simulators.shopify.simulator_parts import Parts
from simulators.shopify.webhooks import EVERY

MOVES_TIME = frozenset({"clock"})
FIXED = frozenset({"domain", "plan", "token", "client_id", "client_secret", "bucket",
                   "restore_rate", "controls"})  # fmt: skip
"""Settings that hold from the start to the end."""


def _faults(parts: Parts, given: Row) -> Any:
    """Takes {"kind", "times": 1, "match": a pattern of the operation's name}; {} clears."""
    if not given:
        parts.faults.clear()
    else:
        parts.faults.add(given["kind"], int(given.get("times", 1)), given.get("match", ""))
    return parts.faults.waiting()


def _webhooks(parts: Parts, given: Row) -> Row:
    """Takes {"withhold": {topic: n}, "duplicate": {topic: n}, "delay_s": {topic: seconds},
    "shuffle": n, "release": true, "delete": topic, "clear": true}; "*" stands for every topic.
    """
    mischief = parts.webhooks.mischief
    mischief.withhold.update(given.get("withhold") or {})
    mischief.duplicate.update(given.get("duplicate") or {})
    mischief.delay_s.update(given.get("delay_s") or {})
    mischief.shuffle += int(given.get("shuffle") or 0)
    if given.get("release"):
        mischief.shuffle = 0
        parts.webhooks.release()
    for row in list(parts.state.subscriptions.values()):
        if given.get("delete") is not None and given["delete"] in (row["topic"], EVERY):
            parts.webhooks.forget(row["id"])
    if given.get("clear"):
        mischief.withhold, mischief.duplicate = Counter(), Counter()
        mischief.delay_s.clear()
    return {"log": list(parts.webhooks.log)}


def _clock(parts: Parts, given: Row) -> Row:
    """Takes {"forward_s"}, {"stop": true}, {"stop": false}."""
    clock = parts.state.clock
    if given.get("stop") is not None:
        if given["stop"]:
            clock.stop()
        else:
            clock.go_on()
    if given.get("forward_s"):
        clock.forward(float(given["forward_s"]))
    return {"now": clock.now(), "stopped": clock.is_stopped}


def _settings(parts: Parts, given: Row) -> Row:
    """Takes {knob: value} of ShopSettings; what is said at the start only is refused."""
    known = {one.name for one in fields(ShopSettings)} - FIXED
    settings = parts.state.settings
    for name, value in given.items():
        if name not in known:
            raise ValueError(f"{name} cannot be changed; {', '.join(sorted(known))} can")
        setattr(
            settings, name, tuple(cast("list[Any]", value)) if isinstance(value, list) else value
        )
    return {name: getattr(settings, name) for name in sorted(known)}


def _scopes(parts: Parts, given: Row) -> Row:
    """Takes {"remove": [...], "add": [...]}."""
    settings = parts.state.settings
    removed: list[str] = given.get("remove") or []
    kept = [scope for scope in settings.scopes if scope not in removed]
    before = settings.scopes
    settings.scopes = tuple(dict.fromkeys([*kept, *(given.get("add") or ())]))
    told = {"previous": list(before), "current": list(settings.scopes)}
    parts.state.tell("APP_SCOPES_UPDATE", "app", lambda: told)
    return {"scopes": list(settings.scopes)}


def _images(parts: Parts, given: Row) -> Row:
    """Takes {"fail": [patterns of addresses]}: images made from now on cannot be downloaded."""
    parts.state.bad_images[:] = given.get("fail") or []
    return {"fail": list(parts.state.bad_images)}


def _versions(parts: Parts, given: Row) -> Row:
    """Takes {"supported": ["2027-01", ...]}, oldest first."""
    parts.state.supported_versions[:] = sorted(given["supported"])
    return {"supported": list(parts.state.supported_versions)}


def _expire(parts: Parts, _: Row) -> Row:
    """Ends every token made by client credentials."""
    parts.tokens.expire_all()
    return {}


def _uninstall(parts: Parts, _: Row) -> Row:
    """Somebody removes the app: its tokens end, its subscriptions go after a last word."""
    state = parts.state
    state.tell("APP_UNINSTALLED", "app", lambda: {"domain": state.settings.domain})
    parts.webhooks.flush()
    for gid in list(state.subscriptions):
        parts.webhooks.forget(gid)
    state.installed = False
    return {}


def _bucket(parts: Parts, given: Row) -> Row:
    """Takes {"available"}: the bucket as others left it."""
    parts.executor.bucket.status()
    parts.executor.bucket.available = float(given["available"])
    return dict(parts.executor.bucket.status())


CONTROLS: dict[str, Any] = {
    "faults": _faults,
    "webhooks": _webhooks,
    "clock": _clock,
    "settings": _settings,
    "scopes": _scopes,
    "images": _images,
    "versions": _versions,
    "tokens/expire": _expire,
    "uninstall": _uninstall,
    "bucket": _bucket,
}
