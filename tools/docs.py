"""Writes docs/howto/commands.md from the commands themselves, and checks the documents:
`python -m tools.docs` (run by `make docs`).
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
COMMANDS = ROOT / "docs" / "howto" / "commands.md"
LINK = re.compile(r"(?<!\\)\[[^\]]*\]\(([^)\s]+)\)")
SETTING = re.compile(r"LONGSHORE_[A-Z][A-Z_]*[A-Z]")
INTERNAL = frozenset({"LONGSHORE_SUPERVISOR_PID", "LONGSHORE_TEST_RUN"})
"""Set by our own programs for each other."""


def documents() -> list[Path]:
    return sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])


def broken_links() -> list[str]:
    """Links to files, and to headings in them, that are not there."""
    found: list[str] = []
    for document in documents():
        text = re.sub(r"```.*?```", "", document.read_text(encoding="utf-8"), flags=re.DOTALL)
        for target in LINK.findall(text):
            if re.match(r"[a-z]+:", target):
                continue
            name, _, heading = target.partition("#")
            file = (document.parent / name).resolve() if name else document
            if not file.exists():
                found.append(f"{document.relative_to(ROOT)}: {target} is not there")
            elif heading and heading not in headings(file):
                found.append(f"{document.relative_to(ROOT)}: {target} has no such heading")
    return found


def headings(document: Path) -> set[str]:
    """The anchors that hosts of Markdown make of headings."""
    lines = document.read_text(encoding="utf-8").splitlines()
    titles = [line.lstrip("#").strip().lower() for line in lines if line.startswith("#")]
    return {re.sub(r"[^\w\- ]", "", title).replace(" ", "-") for title in titles}


def untrue_tour() -> list[str]:
    """Files and functions that docs/tour.md names and the source does not have."""
    text = (ROOT / "docs" / "tour.md").read_text(encoding="utf-8")
    source = ROOT / "src"
    code = "\n".join(file.read_text(encoding="utf-8") for file in source.rglob("*.py"))
    files = set(re.findall(r"`([\w/]+\.py)`", text))
    functions = set(re.findall(r"`(\w+)\(\)`", text))
    return [
        *(
            one
            for one in files
            if not any((source / top / one).exists() for top in (".", "longshore"))
        ),
        *(one for one in functions if not re.search(rf"^ *def {one}\(", code, re.MULTILINE)),
    ]


def settings_in_code() -> set[str]:
    found: set[str] = set()
    for file in (ROOT / "src" / "longshore").rglob("*.py"):
        found |= set(SETTING.findall(file.read_text(encoding="utf-8")))
    return found - INTERNAL


def undocumented_settings() -> set[str]:
    """Names of variables that the code reads and docs/howto/settings.md does not tell."""
    text = (ROOT / "docs" / "howto" / "settings.md").read_text(encoding="utf-8")
    return settings_in_code() - set(SETTING.findall(text))


def long_decisions() -> list[str]:
    """Decisions longer than a page."""
    return [
        file.name
        for file in (ROOT / "docs" / "adr").glob("*.md")
        if len(file.read_text(encoding="utf-8").splitlines()) > 60  # noqa: PLR2004 - one page
    ]


def commands() -> str:
    """Every command with its options, as `--help` tells them."""
    from typer.main import get_command

    from longshore.cli.main import app

    lines = ["# Commands", "", "Written by `make docs`.", ""]
    for path, command in _walk(get_command(app), ""):
        lines += [f"## `longshore {path}`", "", (command.help or "").strip(), ""]
        options = [option for option in command.params if option.name != "help"]
        if options:
            lines += ["| option | default | meaning |", "|---|---|---|"]
            lines += [_row(option) for option in options]
            lines.append("")
    return "\n".join(lines)


def _walk(group: Any, prefix: str) -> Iterator[tuple[str, Any]]:
    """Typer carries a command library of its own that it gives no public types for."""
    for name, command in sorted(getattr(group, "commands", {}).items()):
        path = f"{prefix} {name}".strip()
        if hasattr(command, "commands"):
            yield from _walk(command, path)
        else:
            yield path, command


def _row(option: Any) -> str:
    names = " ".join(f"`{name}`" for name in (*option.opts, *option.secondary_opts))
    if option.param_type_name == "argument":
        names = f"`{option.name.upper()}`"
    default = "required" if option.required else option.default
    shown = "" if default in (None, "", False) or callable(default) else str(default)
    return f"| {names} | {shown} | {getattr(option, 'help', None) or ''} |"


def main() -> int:
    text = commands()
    if not COMMANDS.exists() or COMMANDS.read_text(encoding="utf-8") != text:
        COMMANDS.write_text(text, encoding="utf-8")
        sys.stdout.write(f"{COMMANDS.relative_to(ROOT)} was written anew.\n")
    problems = [
        *broken_links(),
        *(f"{name} is not in docs/howto/settings.md" for name in sorted(undocumented_settings())),
        *(f"docs/adr/{name} is longer than a page" for name in long_decisions()),
    ]
    for problem in problems:
        sys.stderr.write(f"{problem}\n")
    sys.stdout.write(f"{len(documents())} documents, {len(problems)} problems\n")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
