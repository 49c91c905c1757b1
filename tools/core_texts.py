"""The sentences that the rooms without gettext say to people, read from their code: what an error
tells whoever must act, and every other text that is a whole sentence. `web/shared/said.py` knows
them again by their shape, also long after they were stored.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOMS = ("domain", "ports", "sync", "stores", "storage", "wiring", "worker", "web")
ERRORS = frozenset({"TryLater", "NeedsVendor", "NeedsOperator", "Rejected"})
LISTED = frozenset({"FindingKind", "Verdict"})
"""Texts with a list of their own, see `tools/messages.py`."""
FOR_BUILDERS = frozenset(
    {"SettingError", "TypeError", "ValueError", "RuntimeError", "SealedError", "Bug", "Counted"}
)
"""What they say stands in a terminal or a log."""
GETTEXT = frozenset({"_", "gettext", "gettext_lazy", "ngettext", "pgettext"})
MIDDLE = re.compile(r"[^\W\d_]{2,}\W+[^\W\d_]{2,}")
"""Two words in a row: a shape of values alone would be known in anything."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """`text` with its values as {names}."""

    text: str
    where: str


class _Reader(ast.NodeVisitor):
    def __init__(self, where: str, *, web: bool) -> None:
        self.found: list[Sentence] = []
        self.unread: list[str] = []
        self._where, self._web = where, web

    def visit_Expr(self, node: ast.Expr) -> None:
        if not isinstance(node.value, ast.Constant):  # a docstring is for builders
            self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> None:
        name = _name(node.func)
        if name in FOR_BUILDERS | LISTED | GETTEXT:
            return
        if name in ERRORS and node.args:
            self._error(node.args[0])
            rest: list[ast.AST] = [*node.args[1:], *node.keywords]
            for one in rest[1 if len(node.args) > 1 else 0 :]:  # the second text is for us
                self.visit(one)
            return
        self.generic_visit(node)

    def visit_Constant(self, node: ast.Constant) -> None:
        if not self._web and isinstance(node.value, str):
            self._keep(node, node.value)

    def visit_JoinedStr(self, node: ast.JoinedStr) -> None:
        if not self._web:
            self._keep(node, self._shape(node))

    def _error(self, node: ast.expr) -> None:
        if isinstance(node, ast.Constant):
            self.found.append(Sentence(str(node.value), self._at(node)))
        elif isinstance(node, ast.JoinedStr):
            self.found.append(Sentence(self._shape(node), self._at(node)))
        elif not (isinstance(node, ast.Call) and _name(node.func) in GETTEXT):
            self.unread.append(f"{self._where} {ast.unparse(node)}")

    def _keep(self, node: ast.expr, text: str) -> None:
        begins = text[:1].isupper() or text[:1] in "{“"
        if begins and text.endswith(".") and MIDDLE.search(text) and "\n" not in text:
            self.found.append(Sentence(text, self._at(node)))

    def _shape(self, node: ast.JoinedStr) -> str:
        names: dict[str, str] = {}
        parts: list[str] = []
        for part in node.values:
            if isinstance(part, ast.Constant):
                parts.append(str(part.value).replace("{", "{{").replace("}", "}}"))
            elif isinstance(part, ast.FormattedValue):
                parts.append("{" + self._value(part.value, names) + "}")
        return "".join(parts)

    def _value(self, node: ast.expr, names: dict[str, str]) -> str:
        """The value's name; words chosen between are collected as texts of their own."""
        for one in ast.walk(node):
            if isinstance(one, ast.IfExp):
                for choice in (one.body, one.orelse):
                    if isinstance(choice, ast.Constant) and MIDDLE.search(str(choice.value)):
                        self.found.append(Sentence(str(choice.value), self._at(node)))
        said = ast.unparse(node)
        if said not in names:
            name = next(
                (_name(one) for one in ast.walk(node) if isinstance(one, ast.Name | ast.Attribute)),
                "value",
            )
            taken = sum(other.rstrip("0123456789") == name for other in names.values())
            names[said] = f"{name}{taken + 1 if taken else ''}"
        return names[said]

    def _at(self, node: ast.expr) -> str:
        return f"{self._where}:{node.lineno}"


def _name(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def read(source: str, where: str, *, web: bool = False) -> tuple[list[Sentence], list[str]]:
    """What a module says, and the errors whose words cannot be read from it. Of the room that has
    gettext (`web`) only what it leaves to errors.
    """
    reader = _Reader(where, web=web)
    reader.visit(ast.parse(source))
    return reader.found, reader.unread


def every(root: Path) -> Iterator[tuple[list[Sentence], list[str]]]:
    """Of every module of the rooms under `root`, the package's folder."""
    for room in ROOMS:
        for path in sorted((root / room).rglob("*.py")):
            where = str(path.relative_to(root))
            if "migrations" not in path.parts:
                yield read(path.read_text(encoding="utf-8"), where, web=room == "web")
