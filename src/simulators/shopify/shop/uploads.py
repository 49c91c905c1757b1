"""Staged uploads: a place for a file, the form that must come with it, and the file itself."""

import json
import uuid
from collections.abc import Mapping
from typing import Any

from simulators.shopify.rows import NotModelled, Row, UserErrors, number, only
from simulators.shopify.state import State

LARGEST_FILE = 100 * 1024 * 1024
MOST_KEPT = 3 * LARGEST_FILE
FOLDER = "staged-uploads"


class NotTaken(Exception):  # noqa: N818 - an answer, not a mistake
    """The file server's refusal, with its HTTP status."""

    def __init__(self, status: int, code: str) -> None:
        super().__init__(code)
        self.status = status
        self.code = code


def stage(state: State, base: str, given: list[Row]) -> Row:
    """stagedUploadsCreate, for the variables of bulk mutations."""
    targets: list[Row] = []
    for index, one in enumerate(given):
        only(one, {"resource", "filename", "mimeType", "httpMethod", "fileSize"}, "input")
        if one["resource"] != "BULK_MUTATION_VARIABLES":
            raise NotModelled(f"staged uploads of {one['resource']}")
        if one.get("httpMethod") != "POST":
            raise NotModelled("staged uploads of bulk variables by anything but POST")
        if one["mimeType"] != "text/jsonl":
            where = ["input", str(index), "mimeType"]
            raise UserErrors((where, "The mime type must be text/jsonl.", None))
        key = f"tmp/{number(next(iter(state.locations)))}/bulk/{uuid.uuid4()}/{one['filename']}"
        parameters = {
            "Content-Type": one["mimeType"],
            "success_action_status": "201",
            "acl": "private",
            "key": key,
            "x-goog-algorithm": "GOOG4-RSA-SHA256",
            "x-goog-signature": uuid.uuid4().hex,
            "policy": uuid.uuid4().hex,
        }
        state.uploads[key] = {"parameters": parameters, "data": None}
        listed = [{"name": name, "value": value} for name, value in parameters.items()]
        targets.append(
            {"url": f"{base}/{FOLDER}/", "resourceUrl": f"{base}/{FOLDER}/{key}",
             "parameters": listed}
        )  # fmt: skip
    return {"stagedTargets": targets}


def receive(state: State, form: Mapping[str, str], data: bytes | None) -> str:
    """The file server's side; returns the key. Raises NotTaken."""
    entry = state.uploads.get(form.get("key", ""))
    if entry is None:
        raise NotTaken(403, "AccessDenied")
    for name, value in entry["parameters"].items():
        if form.get(name) != value:
            raise NotTaken(403, "SignatureDoesNotMatch")
    if data is None:
        raise NotTaken(400, "MalformedPOSTRequest")
    if len(data) > LARGEST_FILE:
        raise NotTaken(400, "EntityTooLarge")
    entry["data"] = data
    _make_room(state)
    return form["key"]


def _make_room(state: State) -> None:
    """The oldest files go, so that a long run does not fill the memory."""
    sizes = {key: len(entry["data"] or b"") for key, entry in state.uploads.items()}
    for key in list(sizes)[:-1]:
        if sum(sizes.values()) <= MOST_KEPT:
            return
        del sizes[key]
        del state.uploads[key]


def lines_of(state: State, path: str) -> list[bytes]:
    """The lines of a staged file. Raises UserErrors with the codes of bulk mutations."""
    entry = state.uploads.get(path)
    data: bytes | None = entry["data"] if entry else None
    if data is None:
        raise UserErrors((["stagedUploadPath"], "The file could not be found.", "NO_SUCH_FILE"))
    lines = [line for line in data.split(b"\n") if line.strip()]
    if not lines or not isinstance(_decoded(lines[0]), dict):
        raise UserErrors(
            (["stagedUploadPath"], "Unexpected file structure, JSONL is expected.",
             "INVALID_STAGED_UPLOAD_FILE")
        )  # fmt: skip
    return lines


def _decoded(line: bytes) -> Any:
    try:
        return json.loads(line)
    except ValueError:
        return None
