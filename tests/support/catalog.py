"""A language for a test: a compiled catalog as GNU gettext reads it, made without its programs."""

import struct
from collections.abc import Mapping
from pathlib import Path

HEAD = "Content-Type: text/plain; charset=UTF-8\nPlural-Forms: nplurals=2; plural=(n != 1);\n"
MAGIC = 0x950412DE
CONTEXT, PLURAL = "\x04", "\x00"


def compiled(texts: Mapping[str, str]) -> bytes:
    """The file's bytes; a key may have a context (`CONTEXT` between) and a plural (`PLURAL`)."""
    pairs = sorted((key.encode(), text.encode()) for key, text in {"": HEAD, **texts}.items())
    start = 28 + 16 * len(pairs)
    tables: list[list[int]] = []
    body = b""
    for column in (0, 1):
        table: list[int] = []
        for pair in pairs:
            table += [len(pair[column]), start + len(body)]
            body += pair[column] + b"\x00"
        tables.append(table)
    head = struct.pack("<7I", MAGIC, 0, len(pairs), 28, 28 + 8 * len(pairs), 0, 0)
    return head + b"".join(struct.pack(f"<{len(one)}I", *one) for one in tables) + body


def write(folder: Path, language: str, texts: Mapping[str, str]) -> None:
    place = folder / language / "LC_MESSAGES"
    place.mkdir(parents=True)
    (place / "django.mo").write_bytes(compiled(texts))
