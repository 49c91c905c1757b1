"""`python -m simulators.market play|audit`: the people around the shops, as a program.

Reads {"storefront": address, "shops": [{"name", "address", "version", "authority"}]} from
standard input, tells what happens on standard error, and writes the audit's figures as JSON.
"""

import json
import sys
from pathlib import Path

from simulators.market.fates import Played
from simulators.market.shops import StorefrontShop, VendorShop
from simulators.market.story import NotInTime, play, settle


def main(arguments: list[str]) -> int:
    if arguments not in (["play"], ["audit"]):
        sys.stderr.write("usage: python -m simulators.market play|audit\n")
        return 2
    given = json.load(sys.stdin)
    front = StorefrontShop(given["storefront"])
    shops = [
        VendorShop(
            one["name"],
            one["address"],
            one["version"],
            Path(one["authority"]) if one.get("authority") else None,
        )
        for one in given["shops"]
    ]
    played, early = Played(), ""
    if arguments == ["play"]:
        try:
            play(front, shops, _tell, played)
        except NotInTime as problem:
            early = str(problem)
        except AssertionError as problem:
            _tell(str(problem))
            return 1
    found = settle(front, shops, _tell, played)
    found.problems[:0] = [early] if early else []
    for problem in found.problems[:50]:
        _tell(f"MISMATCH {problem}")
    apart = {"problems", "fates"}
    figures = {name: value for name, value in vars(found).items() if name not in apart}
    figures |= {**found.fates, "mismatches": found.mismatches}
    sys.stdout.write(json.dumps(figures) + "\n")
    return 1 if found.mismatches or found.duplicates else 0


def _tell(text: str) -> None:
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
