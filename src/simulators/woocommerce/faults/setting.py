"""Setting faults: those that change the shop do so at once."""

from collections.abc import Collection

from simulators.woocommerce.faults.actions import act
from simulators.woocommerce.faults.blocks import BLOCKS
from simulators.woocommerce.faults.faults import Fault, Faults
from simulators.woocommerce.faults.table import KINDS
from simulators.woocommerce.plugins import ALIASES
from simulators.woocommerce.settings import ROLES
from simulators.woocommerce.shop import Shop
from simulators.woocommerce.stock import number

COUNTED = frozenset({"insert_mid_scan", "delete_mid_scan"})


CHOICES: dict[str, Collection[str]] = {
    "waf": BLOCKS,
    "role_low": ROLES,
    "tracking_plugin": ("none", *ALIASES),
}
SWITCH = ("on", "off")


def checked(kind: str, value: str) -> str:
    """The value, or the kind's own. Raises ValueError."""
    if kind not in KINDS:
        raise ValueError(f"unknown fault {kind}; known are {', '.join(KINDS)}")
    default = KINDS[kind].default
    value = value or default
    choices = CHOICES.get(kind, SWITCH if default == "on" else ())
    if choices and value not in choices:
        raise ValueError(f"fault {kind} is one of {', '.join(choices)}, not {value}")
    if kind != "old_wc" and number(default) is not None and number(value) is None:
        raise ValueError(f"fault {kind} wants a number, not {value}")
    return value


class FaultSetter(Faults):
    def __init__(self, shop: Shop) -> None:
        super().__init__()
        self._shop = shop

    def add(
        self,
        kind: str,
        value: str = "",
        *,
        times: int | None = None,
        match: str = "",
        after: int = 0,
    ) -> Fault:
        """Raises ValueError for an unknown kind, a value that makes no sense, and options that
        mean nothing to the kind; KeyError for an id that there is not.
        """
        value = checked(kind, value)
        if not KINDS[kind].bites and (times is not None or match or after):
            raise ValueError(f"fault {kind} takes no times, match or after")
        if kind in COUNTED and times is None:
            times = int(value)
        act(self._shop, kind, value)
        return super().add(kind, value, times=times, match=match, after=after)

    def add_text(self, text: str) -> Fault:
        """`NAME`, `NAME=value`, and after a colon `times=1,after=2,match=orders`."""
        head, _, rest = text.partition(":") if "://" not in text else (text, "", "")
        kind, _, value = head.partition("=")
        options: dict[str, str] = {}
        for part in filter(None, rest.split(",")):
            name, _, option = part.partition("=")
            options[name] = option
        unknown = options.keys() - {"times", "after", "match"}
        if unknown:
            raise ValueError(f"unknown option {', '.join(sorted(unknown))} of fault {kind}")
        times = int(options["times"]) if "times" in options else None
        after, match = int(options.get("after", 0)), options.get("match", "")
        return self.add(kind, value, times=times, match=match, after=after)
