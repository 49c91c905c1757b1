"""Shopify's search syntax as far as it is used: field:value, < and >, AND, OR, NOT, brackets."""

import re
from collections.abc import Callable, Collection, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, cast

from simulators.shopify.rows import NotModelled, Row, number

Reader = Callable[[Row], Any]
Test = Callable[[Row], bool]
_TOKEN = re.compile(
    r"""\s*(?:
        (?P<bracket>[()])
      | (?P<minus>-(?=[\w(]))
      | (?:(?P<field>\w+):)?(?P<compare><=|>=|<|>)?(?:'(?P<single>(?:\\.|[^'\\])*)'
            |"(?P<double>(?:\\.|[^"\\])*)"|(?P<bare>[^\s()]+))
    )""",
    re.VERBOSE,
)
_COMPARE: Mapping[str, Callable[[Any, Any], bool]] = {
    "<": lambda left, right: left < right,
    "<=": lambda left, right: left <= right,
    ">": lambda left, right: left > right,
    ">=": lambda left, right: left >= right,
}


def matcher(query: str, fields: Mapping[str, Reader]) -> Test:
    """Whether a row is found. Fields that nobody modelled are refused loudly."""
    return _Parser(query, fields).whole()


@lru_cache(maxsize=256)
def _tokens(query: str) -> tuple[dict[str, str | None], ...]:
    found: list[dict[str, str | None]] = []
    place = 0
    text = query.rstrip()
    while place < len(text):
        match = _TOKEN.match(text, place)
        if match is None:
            raise NotModelled(f"the search {query!r}")
        found.append(match.groupdict())
        place = match.end()
    return tuple(found)


class _Parser:
    def __init__(self, query: str, fields: Mapping[str, Reader]) -> None:
        self._query = query
        self._fields = fields
        self._left = list(_tokens(query))

    def whole(self) -> Test:
        test = self._either()
        if self._left:
            raise NotModelled(f"the search {self._query!r}")
        return test

    def _either(self) -> Test:
        tests = [self._all()]
        while self._word() == "OR":
            self._left.pop(0)
            tests.append(self._all())
        return tests[0] if len(tests) == 1 else lambda row: any(test(row) for test in tests)

    def _all(self) -> Test:
        tests = [self._one()]
        while self._left and self._word() != "OR" and self._left[0]["bracket"] != ")":
            if self._word() == "AND":
                self._left.pop(0)
            tests.append(self._one())
        return tests[0] if len(tests) == 1 else lambda row: all(test(row) for test in tests)

    def _one(self) -> Test:
        if not self._left:
            raise NotModelled(f"the search {self._query!r}")
        token = self._left.pop(0)
        if token["minus"] or (token["bare"] == "NOT" and not token["field"]):
            test = self._one()
            return lambda row: not test(row)
        if token["bracket"] == "(":
            test = self._either()
            if not self._left or self._left.pop(0)["bracket"] != ")":
                raise NotModelled(f"the search {self._query!r}")
            return test
        return self._term(token)

    def _word(self) -> str | None:
        """AND or OR, where one comes next."""
        token = self._left[0] if self._left else {}
        return token.get("bare") if token and not token["field"] else None

    def _term(self, token: dict[str, str | None]) -> Test:
        name, compare = token["field"] or "", token["compare"]
        read = self._fields.get(name)
        if read is None:
            raise NotModelled(f"searching for {name or 'bare words'} in {self._query!r}")
        quoted = token["single"] if token["single"] is not None else token["double"]
        value = re.sub(r"\\(.)", r"\1", quoted) if quoted is not None else str(token["bare"])
        if compare:
            return lambda row: _compared(read(row), compare, value)
        return lambda row: _same(read(row), value)


def _compared(found: Any, compare: str, value: str) -> bool:
    if found is None:
        return False
    if isinstance(found, datetime):
        return _COMPARE[compare](found, _time(value))
    return _COMPARE[compare](found, type(found)(value))


def _same(found: Any, value: str) -> bool:
    if isinstance(found, list | tuple | set | frozenset):
        return any(_same(one, value) for one in cast("Collection[Any]", found))
    if found is None:
        return value == ""
    if isinstance(found, bool):
        return found == (value.lower() == "true")
    if isinstance(found, int):
        return found == (number(value) if value.startswith("gid:") else _whole(value))
    if isinstance(found, datetime):
        return found == _time(value)
    text, wanted = str(found).casefold(), value.casefold()
    return text.startswith(wanted[:-1]) if wanted.endswith("*") else text == wanted


def _whole(value: str) -> int | None:
    return int(value) if value.lstrip("-").isdigit() else None


def _time(value: str) -> datetime:
    at = datetime.fromisoformat(value)
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
