"""What is true about a shop that worked before: what is different in it now."""

from collections.abc import Mapping, Sequence


def plugin_changes(before: Mapping[str, str], now: Mapping[str, str]) -> Sequence[str]:
    """Plugins that came, went or changed their version: "+ wordfence 8.1", "- akismet 5.3",
    "woocommerce 9.9.5 -> 10.3.0".
    """
    added = [f"+ {name} {now[name]}".strip() for name in sorted(now.keys() - before.keys())]
    removed = [f"- {name} {before[name]}".strip() for name in sorted(before.keys() - now.keys())]
    moved = [
        f"{name} {before[name]} -> {now[name]}"
        for name in sorted(before.keys() & now.keys())
        if before[name] != now[name]
    ]
    return [*added, *moved, *removed]


def namespace_changes(before: Sequence[str], now: Sequence[str]) -> Sequence[str]:
    """What the public index of the API gained or lost: many plugins show there by their name, even
    when the list of plugins cannot be read.
    """
    added = sorted({_owner(one) for one in now} - {_owner(one) for one in before})
    removed = sorted({_owner(one) for one in before} - {_owner(one) for one in now})
    return [*(f"+ {one}" for one in added), *(f"- {one}" for one in removed)]


def _owner(namespace: str) -> str:
    return namespace.partition("/")[0]
