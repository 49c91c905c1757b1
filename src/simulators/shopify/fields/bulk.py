"""Fields of bulk operations, and the mutations that begin and end them."""

from typing import Any

from simulators.shopify.bulk import FOLDER, is_expired
from simulators.shopify.fields.pages import by_time, found, page, read, read_id
from simulators.shopify.fields.registry import Context, field_of, mutation
from simulators.shopify.rows import NotModelled, Row
from simulators.shopify.shop import uploads
from simulators.shopify.state import Runs


def _runs(context: Context) -> Runs:
    if context.state.runs is None:
        raise NotModelled("bulk operations without their runner")
    return context.state.runs


@field_of("QueryRoot.bulkOperation")
def operation(context: Context, _: Any, *, gid: str) -> Row | None:
    return context.state.bulk.get(gid)


@field_of("QueryRoot.bulkOperations")
def operations(
    context: Context,
    _: Any,
    *,
    query: str | None = None,
    sort_key: str | None = None,
    reverse: bool | None = False,
    **arguments: Any,
) -> Row:
    """Newest first where nothing is said (schema)."""
    if sort_key not in {None, "CREATED_AT"}:
        raise NotModelled(f"bulk operations sorted by {sort_key}")
    fields = {
        "id": read_id, "status": read("status"), "created_at": read("createdAt"),
        "operation_type": read("type"),
    }  # fmt: skip
    rows = found(context, list(context.state.bulk.values()), query, fields)
    key = by_time("createdAt")
    return page(context, rows, root=True, key=key, reverse=not reverse, **arguments)


@field_of("BulkOperation.status")
def status(context: Context, row: Row) -> str:
    if row["status"] == "COMPLETED" and is_expired(context.state, row):
        return "EXPIRED"
    return row["status"]


@field_of("BulkOperation.url")
def url(context: Context, row: Row) -> str | None:
    return _file(context, row, "file")


@field_of("BulkOperation.partialDataUrl")
def partial_url(context: Context, row: Row) -> str | None:
    return _file(context, row, "partialFile")


def _file(context: Context, row: Row, name: str) -> str | None:
    if row[name] is None or is_expired(context.state, row):
        return None
    return f"{context.base}/{FOLDER}/{row[name]}"


@mutation("stagedUploadsCreate")
def staged_uploads(context: Context, *, data: list[Row]) -> Row:
    return uploads.stage(context.state, context.base, data)


@mutation("bulkOperationRunMutation")
def run_mutation(
    context: Context,
    *,
    mutation: str,
    staged_upload_path: str,
    client_identifier: str | None = None,
    group_objects: bool | None = True,
) -> Row:
    del group_objects  # results of mutations are one line each either way
    return _runs(context).run_mutation(mutation, staged_upload_path, client_identifier)


@mutation("bulkOperationRunQuery")
def run_query(context: Context, *, query: str, group_objects: bool | None = False) -> Row:
    del group_objects  # lines come grouped, which nobody may rely on without asking
    return _runs(context).run_query(query)


@mutation("bulkOperationCancel")
def cancel(context: Context, *, gid: str) -> Row:
    return _runs(context).cancel(gid)
