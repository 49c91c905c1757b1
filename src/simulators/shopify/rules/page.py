"""Writes docs/howto/simulated-shopify.md: `python -m simulators.shopify.rules.page`."""

import ast
import inspect
import sys
from collections.abc import Iterator, Sequence
from dataclasses import fields
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from typing import Any

from simulators.shopify import settings
from simulators.shopify.controls import CONTROLS, VIEWS
from simulators.shopify.faults import KINDS
from simulators.shopify.rules import ASSUMPTIONS, MARKS, ROOMS, RULES, Rule
from simulators.shopify.settings import ShopSettings

PAGE = Path("docs/howto/simulated-shopify.md")


def written() -> str:
    """The page as the code would have it."""
    text = (files("simulators.shopify.rules") / "page.md").read_text(encoding="utf-8")
    for name, value in {
        "controls": _controls(),
        "knobs": _knobs(),
        "faults": _table(("kind", "what happens"), [(f"`{k}`", v) for k, v in KINDS.items()]),
        "count": str(len(RULES)),
        "marks": "\n".join(f"- **{mark}**: {told}." for mark, told in MARKS.items()),
        "rules": "\n\n".join(f"### {room}\n\n{_rules(rules)}" for room, rules in ROOMS.items()),
        "assumed": str(len(ASSUMPTIONS)),
        "assumptions": _told(ASSUMPTIONS),
    }.items():
        text = text.replace(f"{{{name}}}", value)
    return text


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    cells = [[cell.replace("|", "\\|") for cell in row] for row in lines]
    return "\n".join(f"| {' | '.join(row)} |" for row in cells)


def _rules(rules: Sequence[Rule]) -> str:
    return _told([rule for rule in rules if not rule.inferred])


def _told(rules: Sequence[Rule]) -> str:
    rows = [(f"`{one.name}`", one.says, one.mark, one.where) for one in rules]
    return _table(("rule", "what holds", "mark", "where"), rows)


def _controls() -> str:
    rows = [
        (method, f"`{name}`", _docs(control))
        for method, table in (("GET", VIEWS), ("POST", CONTROLS))
        for name, control in table.items()
    ]
    return _table(("", "control", "what it takes and does"), rows)


def _docs(control: Any) -> str:
    """A function's docstring in one line, JSON in it as code."""
    found, depth = "", 0
    for letter in " ".join((inspect.getdoc(control) or "").split()):
        depth += letter == "{"
        found += "`" * (letter == "{" and depth == 1) + letter
        depth -= letter == "}"
        found += "`" * (letter == "}" and depth == 0)
    return found


def _knobs() -> str:
    """Settings that bear words, with these."""
    words = dict(_words())
    rows: list[Sequence[str]] = []
    for one in fields(ShopSettings):
        if one.name in words:
            given: Any = one.default
            shown = "8 pauses, 4 hours" if given is settings.RETRIES else str(given)
            rows.append((f"`{one.name}`", shown, words[one.name]))
    return _table(("knob", "at the start", "meaning"), rows)


def _words() -> Iterator[tuple[str, str]]:
    """A setting's name, and the text that follows it in the code."""
    (declared,) = ast.parse(inspect.getsource(ShopSettings)).body
    body: list[Any] = getattr(declared, "body", [])
    for one, after in pairwise(body):
        if isinstance(one, ast.AnnAssign) and isinstance(after, ast.Expr):
            text: Any = after.value
            yield ast.unparse(one.target), " ".join(str(text.value).split())


def main() -> None:
    PAGE.write_text(written(), encoding="utf-8")
    sys.stdout.write(f"{PAGE}: {len(RULES)} rules, {len(ASSUMPTIONS)} of them assumed\n")


if __name__ == "__main__":
    main()
