"""Bulk operations: a mutation for each line of a file, or one query over everything, bit by bit."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import cast

from graphql import FieldNode, OperationDefinitionNode, OperationType

from simulators.shopify import payloads
from simulators.shopify.bulk_query import Flat, problem_of
from simulators.shopify.executor import Document, Executor, errors_of
from simulators.shopify.fields.registry import context_for
from simulators.shopify.rows import NotModelled, Row, UserErrors
from simulators.shopify.shop.uploads import lines_of
from simulators.shopify.state import State

AT_ONCE = 5
STEP_S = 0.1
LONGEST_S = 24 * 3600
URL_LASTS = timedelta(days=7)
CHUNK = 25
"""Lines done before other requests get their turn."""
OUT_OF_ORDER = 5
"""Results of so many neighbors come in the opposite order (assumption `bulk-result-order`)."""
ROOTS = 500
"""Root objects of a query looked at in one go."""
FOLDER = "bulk-results"
RUNNING = frozenset({"CREATED", "RUNNING", "CANCELING"})


class _Failed(Exception):  # noqa: N818 - an answer, not a mistake
    """The operation ends with a code."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code if code in {"ACCESS_DENIED", "TIMEOUT"} else "INTERNAL_SERVER_ERROR"


@dataclass
class Run:
    """What an operation still has to do. A part is a function that does one line's work and gives
    the lines of the result.
    """

    row: Row
    parts: Iterator[Callable[[], list[Row]]]
    total: int
    began: float
    breaks_at: int | None = None
    done: int = 0
    result: bytearray = field(default_factory=bytearray)
    held_back: list[bytes] = field(default_factory=list[bytes])

    def keep(self, lines: list[Row]) -> None:
        """Mutations of neighboring lines run side by side, so their results are mixed."""
        if self.row["type"] == "QUERY":
            for line in lines:
                self.result += _encoded(line)
            return
        self.held_back += [_encoded(line) for line in lines]
        if len(self.held_back) >= OUT_OF_ORDER:
            self.write()

    def write(self) -> None:
        for line in reversed(self.held_back):
            self.result += line
        self.held_back.clear()


class BulkRuns:
    def __init__(self, state: State, executor: Executor) -> None:
        self._state = state
        self._executor = executor
        state.runs = self

    # --- beginning and ending (the caller holds the lock) ---

    def run_mutation(self, mutation: str, path: str, client: str | None) -> Row:
        document, picked = self._readable(mutation)
        if document is None or picked is None:
            raise UserErrors((["mutation"], "The mutation is invalid.", "INVALID_MUTATION"))
        self._room("MUTATION")
        lines = lines_of(self._state, path)
        row = self._new("MUTATION", mutation, client)
        parts = (self._line(document, picked, index, text) for index, text in enumerate(lines))
        self._begin(Run(row, parts, len(lines), self._state.clock.seconds()))
        return {"bulkOperation": row}

    def run_query(self, query: str) -> Row:
        problem = problem_of(query)
        if problem is not None:
            raise UserErrors((["query"], problem, "INVALID"))
        self._room("QUERY")
        row = self._new("QUERY", query, None)
        self._begin(Run(row, self._slices(row, query), -1, self._state.clock.seconds()))
        return {"bulkOperation": row}

    def cancel(self, gid: str) -> Row:
        row = self._state.bulk.get(gid)
        if row is None:
            raise UserErrors((["id"], "Bulk operation does not exist.", None))
        if row["status"] not in RUNNING:
            raise UserErrors(
                (["id"], f"A bulk operation cannot be canceled when it is {row['status'].lower()}",
                 None)
            )  # fmt: skip
        row["status"] = "CANCELING"
        return {"bulkOperation": row}

    def _readable(self, mutation: str) -> tuple[Document | None, OperationDefinitionNode | None]:
        document = self._executor.document(mutation)
        picked = document.pick(None)
        if document.problems or picked is None or picked.operation is not OperationType.MUTATION:
            return None, None
        root = picked.selection_set.selections[0]
        only_one = len(picked.selection_set.selections) == 1 and isinstance(root, FieldNode)
        if not only_one or cast("FieldNode", root).name.value.startswith("bulkOperation"):
            return None, None
        return document, picked

    def _room(self, kind: str) -> None:
        busy = [
            row
            for row in self._state.bulk.values()
            if row["type"] == kind and row["status"] in RUNNING
        ]
        if len(busy) >= AT_ONCE:
            raise UserErrors(
                (None, f"{AT_ONCE} bulk operations of this kind are running already.",
                 "OPERATION_IN_PROGRESS")
            )  # fmt: skip

    def _new(self, kind: str, text: str, client: str | None) -> Row:
        return self._state.add(
            self._state.bulk,
            "BulkOperation",
            {"type": kind, "status": "CREATED", "errorCode": None, "query": text,
             "client": client, "createdAt": self._state.clock.now(), "completedAt": None,
             "objectCount": 0, "rootObjectCount": 0, "fileSize": None, "file": None,
             "partialFile": None},
        )  # fmt: skip

    # --- running (holds the lock by itself) ---

    def _begin(self, run: Run) -> None:
        if self._state.faults.strikes("bulk_failed"):
            run.breaks_at = max(0, run.total // 2)
        self._state.later.after(STEP_S, lambda: self._step(run))

    def _step(self, run: Run) -> None:
        """Does what may be done by now; other requests get their turn between chunks."""
        ran = self._state.clock.seconds() - run.began
        allowed = int(min(ran, LONGEST_S) * self._state.settings.bulk_lines_s)
        while True:
            with self._state.lock:
                status = self._ends_as(run, allowed, ran)
                if status is not None:
                    self._end(run, *status)
                    return
                if run.done >= allowed:
                    break
                run.row["status"] = "RUNNING"
                try:
                    self._work(run, min(CHUNK, allowed - run.done))
                except _Failed as failure:
                    self._end(run, "FAILED", failure.code)
                    return
                except NotModelled:
                    self._end(run, "FAILED", "INTERNAL_SERVER_ERROR")
                    raise
        self._state.later.after(STEP_S, lambda: self._step(run))

    def _work(self, run: Run, most: int) -> None:
        for _ in range(most):
            part = next(run.parts, None)
            if part is None:
                run.total = run.done
                return
            run.keep(part())
            run.done += 1
            self._state.flush()
            if run.row["type"] == "MUTATION":
                run.row["objectCount"] = run.row["rootObjectCount"] = run.done
            if run.breaks_at is not None and run.done >= run.breaks_at:
                return

    def _ends_as(self, run: Run, allowed: int, ran: float) -> tuple[str, str | None] | None:
        if run.row["status"] == "CANCELING":
            return "CANCELED", None
        if run.breaks_at is not None and run.done >= run.breaks_at:
            return "FAILED", "INTERNAL_SERVER_ERROR"
        if run.done == run.total:
            return "COMPLETED", None
        if ran >= LONGEST_S and run.done >= allowed:
            return "FAILED", "TIMEOUT"
        return None

    def _end(self, run: Run, status: str, code: str | None) -> None:
        run.write()
        row = run.row
        row["status"], row["errorCode"] = status, code
        row["completedAt"] = self._state.clock.now()
        name = f"{row['id'].rpartition('/')[2]}.jsonl"
        if run.result:
            self._state.results[name] = bytes(run.result)
            row["file" if status == "COMPLETED" else "partialFile"] = name
            row["fileSize"] = len(run.result)
        self._state.tell("BULK_OPERATIONS_FINISH", row["id"], lambda: payloads.bulk(row))
        self._state.flush()

    # --- parts ---

    def _line(
        self, document: Document, picked: OperationDefinitionNode, index: int, text: bytes
    ) -> Callable[[], list[Row]]:
        def work() -> list[Row]:
            try:
                variables = json.loads(text)
            except ValueError as problem:
                errors = [{"message": f"Line is not JSON: {problem}"}]
                return [{"errors": errors, "__lineNumber": index}]
            context = context_for(self._state)
            context.bulk = True
            try:
                result = self._executor.execute(document, picked, variables, context)
            except NotModelled as problem:
                return [{"errors": [{"message": str(problem)}], "__lineNumber": index}]
            line: Row = {"data": result.data, "__lineNumber": index}
            if result.errors:
                line["errors"] = errors_of(result)
            return [line]

        return work

    def _slices(self, row: Row, query: str) -> Iterator[Callable[[], list[Row]]]:
        """The root objects one by one, read some hundred at a time."""
        document = self._executor.document(query)
        picked = document.pick(None)
        if picked is None:
            raise NotModelled("a bulk query of several operations")
        start = 0
        while True:
            context = context_for(self._state)
            context.whole, context.slice = True, (start, start + ROOTS)
            result = self._executor.execute(document, picked, {}, context)
            for error in result.errors or ():
                raise _Failed(str((error.extensions or {}).get("code")))
            roots = Flat.roots(result.data or {})
            for root in roots:
                yield lambda root=root: self._count(row, Flat.lines(root))
            if len(roots) < ROOTS:
                return
            start += ROOTS

    def _count(self, row: Row, lines: list[Row]) -> list[Row]:
        row["rootObjectCount"] += 1
        row["objectCount"] += len(lines)
        return lines


def _encoded(line: Row) -> bytes:
    return json.dumps(line, separators=(",", ":"), ensure_ascii=False).encode() + b"\n"


def is_expired(state: State, row: Row) -> bool:
    """Files lie ready for a week."""
    done = row["completedAt"]
    return done is not None and state.clock.now() > done + URL_LASTS
