"""Setting faults: those that change the shop do so at once."""

from simulators.woocommerce.faults.actions import act
from simulators.woocommerce.faults.faults import Fault, Faults
from simulators.woocommerce.faults.table import KINDS
from simulators.woocommerce.shop import Shop

COUNTED = frozenset({"insert_mid_scan", "delete_mid_scan"})


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
        """Raises ValueError for an unknown kind or value."""
        if kind in COUNTED and times is None:
            times = int(value or KINDS[kind].default)
        fault = super().add(kind, value, times=times, match=match, after=after)
        act(self._shop, kind, fault.value)
        return fault

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
