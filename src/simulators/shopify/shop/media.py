"""Images: fetched later from where they lie, ready or failed after a while, used again by id."""

import re
from datetime import timedelta

from simulators.shopify.rows import NotModelled, Row, UserErrors, only
from simulators.shopify.state import State

KNOWN = frozenset({"id", "originalSource", "alt", "contentType", "filename",
                   "duplicateResolutionMode"})  # fmt: skip
FETCHED = 0.5
"""At this share of the time a file is there and gets processed."""


def attach(state: State, files: list[Row], where: list[str]) -> list[str]:
    """The media ids of a list of files: existing ones by id, the others made anew. What is not
    named by id is downloaded again, even from the same address.
    """
    found: list[str] = []
    for index, given in enumerate(files):
        only(given, KNOWN, "files")
        place = [*where, str(index)]
        if given.get("id"):
            row = state.media.get(given["id"])
            if row is None:
                raise UserErrors((place, "File does not exist", "INVALID_INPUT"))
            if given.get("alt") is not None:
                row["alt"] = given["alt"]
            found.append(row["id"])
        else:
            found.append(_make(state, given, place)["id"])
    return found


def _make(state: State, given: Row, place: list[str]) -> Row:
    if given.get("contentType") not in {None, "IMAGE"}:
        raise NotModelled(f"files of {given['contentType']}")
    source = given.get("originalSource") or ""
    if not re.match(r"https?://", source):
        raise UserErrors((place, "Image URL is invalid", "INVALID_INPUT"))
    now = state.clock.now()
    row: Row = {
        "source": source,
        "alt": given.get("alt") or "",
        "mediaContentType": "IMAGE",
        "createdAt": now,
        "processedAt": now + timedelta(seconds=state.settings.media_s * FETCHED),
        "readyAt": now + timedelta(seconds=state.settings.media_s),
        "bad": any(re.search(pattern, source) for pattern in state.bad_images),
    }
    return state.add(state.media, "MediaImage", row)


def status(state: State, row: Row) -> str:
    now = state.clock.now()
    if now < row["processedAt"]:
        return "UPLOADED"
    if now < row["readyAt"]:
        return "PROCESSING"
    return "FAILED" if row["bad"] else "READY"


def errors(state: State, row: Row) -> list[Row]:
    if status(state, row) != "FAILED":
        return []
    return [
        {
            "code": "IMAGE_DOWNLOAD_FAILURE",
            "message": "The image could not be downloaded.",
            "details": row["source"],
        }
    ]


def of_variant(given: Row, media: list[str], sent: list[Row]) -> str:
    """The media id that a variant's `file` means; that it is among the product's was checked."""
    only(given, KNOWN, "variants.file")
    name = "id" if given.get("id") else "originalSource"
    pairs = zip(media, sent, strict=True)
    return next(gid for gid, file in pairs if file.get(name) == given[name])


def forget(state: State, gids: list[str]) -> None:
    for gid in gids:
        state.media.pop(gid, None)
