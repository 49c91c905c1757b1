"""House rules that no linter knows. Who may import whom is in .importlinter."""

import ast
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LONGEST_FILE = 400
LONGEST_FUNCTION = 40
CLOCKS = {"now", "utcnow", "today", "time", "monotonic", "perf_counter", "sleep"}


@cache
def sources() -> list[tuple[str, str, ast.Module]]:
    found = []
    for folder in ("src", "tools"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            if "migrations" not in path.parts:
                text = path.read_text(encoding="utf-8")
                found.append((str(path.relative_to(ROOT)), text, ast.parse(text)))
    return found


def inside(*rooms: str) -> Iterator[tuple[str, ast.Module]]:
    for name, _, tree in sources():
        if any(name.startswith(f"src/longshore/{room}/") for room in rooms):
            yield name, tree


def test_files_stay_readable() -> None:
    assert [name for name, text, _ in sources() if text.count("\n") > LONGEST_FILE] == []


def test_functions_stay_readable() -> None:
    long = [
        f"{name}:{node.lineno} {node.name}"
        for name, _, tree in sources()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or 0) - node.lineno >= LONGEST_FUNCTION
    ]
    assert long == []


def test_domain_imports_nothing_but_the_standard_library_and_itself() -> None:
    foreign = []
    for name, tree in inside("domain"):
        for node in ast.walk(tree):
            modules = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom):
                modules = [node.module or ""]
            foreign += [
                f"{name}: {module}"
                for module in modules
                if module.partition(".")[0] not in sys.stdlib_module_names
                and not module.startswith("longshore.domain")
            ]
    assert foreign == []


def test_only_adapters_look_at_the_clock() -> None:
    seen = [
        f"{name}:{node.lineno}"
        for name, tree in inside("domain", "ports", "sync")
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in CLOCKS
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id in {"datetime", "date", "time", "dt"}
    ]
    assert seen == []


def test_the_oracle_of_the_tests_knows_nothing_of_the_hub() -> None:
    """It judges the hub by the shops alone; the simulators never import it (.importlinter)."""
    tree = ast.parse((ROOT / "tests/support/oracle.py").read_text(encoding="utf-8"))
    modules = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            modules |= {alias.name for alias in node.names}
        if isinstance(node, ast.ImportFrom):
            modules.add(node.module or "")
    named = {module.partition(".")[0] for module in modules}
    assert named - sys.stdlib_module_names <= {"simulators", "httpx2"}
    assert "simulators" in named


def test_every_room_is_known() -> None:
    """An empty search would let every rule above pass."""
    assert {name.split("/")[2] for name, _ in inside("domain", "ports", "sync")} == {
        "domain",
        "ports",
        "sync",
    }


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_locks_have_hashes_and_no_addresses(name: str) -> None:
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    pins = [line for line in lines if "==" in line and not line.lstrip().startswith("#")]
    assert pins
    assert [line for line in pins if not line.endswith("\\")] == []
    assert [line for line in lines if "://" in line or line.startswith("-")] == []
    assert sum("--hash=sha256:" in line for line in lines) >= len(pins)


def test_a_server_gets_the_same_versions_as_developers() -> None:
    def pins(name: str) -> set[str]:
        lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
        return {line.split()[0] for line in lines if "==" in line and line[0].isalpha()}

    assert pins("requirements.lock") <= pins("requirements-dev.lock")
