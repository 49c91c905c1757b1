"""Draws the documents' pictures from the tests' seeded world: `python -m tools.pictures`.

The clock stands still, so a picture changes only when its page does. Needs Chromium; where the
typeface Inter is installed (Debian: fonts-inter) it stands in for the reader's own.
"""

import base64
import os
import shutil
import socketserver
import subprocess
import sys
import tempfile
import threading
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

ROOT = Path(__file__).parents[1]
PICTURES = ROOT / "docs" / "pictures"
MOMENT = datetime(2026, 10, 14, 7, 54, 12, tzinfo=UTC)
HEAVIEST = 150_000
RGB = 3
"""Bytes of a pixel as the browser writes them."""
HOME = 812
"""Just below the strip of figures."""
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--hide-scrollbars",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)
TYPEFACE = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>
<include>/etc/fonts/fonts.conf</include><match target="pattern">
<test name="family"><string>system-ui</string></test>
<edit name="family" mode="prepend" binding="strong"><string>Inter</string></edit>
</match><match target="pattern">
<test name="family"><string>sans-serif</string></test>
<edit name="family" mode="prepend" binding="strong"><string>Inter</string></edit>
</match></fontconfig>"""


class Picture(NamedTuple):
    """`page` is an address with the world's ids in braces."""

    file: str
    page: str
    width: int = 1280
    height: int = 800
    scale: float = 1
    dark: bool = False
    who: str = "owner"


_SCREENS = (
    ("home", "/"),
    ("needs", "/needs/"),
    ("orders", "/orders/"),
    ("order", "/orders/{order_id}/"),
    ("products", "/products/"),
    ("product", "/products/{listing_id}/"),
    ("stock", "/stock/"),
    ("stock-line", "/stock/{line_id}/"),
    ("vendors", "/vendors/"),
    ("vendor", "/vendors/{vendor_id}/"),
    ("rules", "/products/rules/markups/"),
    ("activity", "/activity/"),
    ("settings", "/settings/"),
    ("portal", "/my/"),
    ("portal-order", "/my/orders/{part_id}/"),
    ("portal-shop", "/my/shop/"),
)
"""The main screens, by the name of their pictures."""


def _looks(name: str, page: str) -> tuple[Picture, ...]:
    """Light, dark, and on a phone."""
    who = "vendor" if page.startswith("/my/") else "owner"
    return (
        Picture(f"screens/{name}.webp", page, who=who),
        Picture(f"screens/{name}-dark.webp", page, dark=True, who=who),
        Picture(f"screens/{name}-phone.webp", page, width=390, height=760, who=who),
    )


WANTED = (
    Picture("home.png", "/", height=HOME),
    Picture("home-dark.webp", "/", height=HOME, dark=True),
    Picture("order.webp", "/orders/{order_id}/", height=930),
    Picture("stock-line.webp", "/stock/{line_id}/", height=1000),
    Picture("phone.webp", "/orders/", width=390, height=760, scale=2),
    *(look for name, page in _SCREENS for look in _looks(name, page)),
)


def main() -> None:
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        sys.exit("The pictures need Chromium (Debian: apt-get install chromium).")
    (PICTURES / "screens").mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory(prefix="longshore-pictures-") as folder,
        _site(Path(folder)) as (address, sessions, ids),
    ):
        _draw(path, Path(folder), address, sessions, ids)
    heavy = [one.name for one in PICTURES.rglob("*.*") if one.stat().st_size > HEAVIEST]
    if heavy:
        sys.exit(f"Too heavy for a document: {', '.join(heavy)}.")


@contextmanager
def _site(folder: Path) -> Iterator[tuple[str, dict[str, str], dict[str, int]]]:
    """The hub with the seeded world, on a database of its own: (address, sessions, ids)."""
    for name in [name for name in os.environ if name.startswith("LONGSHORE_")]:
        del os.environ[name]
    os.environ["LONGSHORE_DATA"] = str(folder / "data")
    os.environ["LONGSHORE_SECRET_KEY"] = "fake-key-for-pictures-0123456789abcdef"  # noqa: S105 - of a database that is thrown away
    sys.path.insert(0, str(ROOT / "tests"))
    from longshore.cli.database import hub, migrate_tables

    with hub():
        from django.core.management import call_command
        from django.utils import timezone

        migrate_tables()
        call_command("collectstatic", interactive=False, verbosity=0)
        timezone.now = lambda: MOMENT
        world, sessions = _seed()
        with _served() as address:
            yield address, sessions, world.ids()


def _seed() -> tuple[Any, dict[str, str]]:
    """The world, and signed-in sessions of its owner and of a vendor."""
    from django.test import Client

    from support.screens import make_world

    world = make_world()
    sessions: dict[str, str] = {}
    for who, user in (("owner", world.owner), ("vendor", world.vendor_user)):
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        sessions[who] = client.cookies["sessionid"].value
    return world, sessions


class _Threads(socketserver.ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_args: object) -> None:
        """Nobody reads the lines of a server that lives for seconds."""


@contextmanager
def _served() -> Iterator[str]:
    from longshore.web.wsgi import application

    server = make_server("127.0.0.1", 0, application, _Threads, _Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()


def _draw(
    path: str, folder: Path, address: str, sessions: dict[str, str], ids: dict[str, int]
) -> None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        env = {**os.environ, **_typeface(folder)}
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS), env=env)
        for picture in WANTED:
            page = _page(browser, picture, address, sessions[picture.who])
            page.goto(address + picture.page.format(**ids), wait_until="networkidle")
            (PICTURES / picture.file).write_bytes(_shot(page, picture))
            page.context.close()
        browser.close()


def _page(browser: "Browser", picture: Picture, address: str, session: str) -> "Page":
    context = browser.new_context(
        viewport={"width": picture.width, "height": picture.height},
        color_scheme="dark" if picture.dark else "light",
        has_touch=picture.width < 500,  # noqa: PLR2004 - a phone
        reduced_motion="reduce",
    )
    context.add_cookies([{"name": "sessionid", "value": session, "url": address}])
    page = context.new_page()
    page.clock.set_fixed_time(MOMENT)
    return page


def _shot(page: "Page", picture: Picture) -> bytes:
    if picture.file.endswith(".png"):
        return _packed(page.screenshot())
    line = page.context.new_cdp_session(page)
    clip = {"x": 0, "y": 0, "width": picture.width, "height": picture.height}
    how = {"format": "webp", "quality": 90, "clip": {**clip, "scale": picture.scale}}
    answer = line.send("Page.captureScreenshot", how)
    return base64.b64decode(answer["data"])


def _packed(png: bytes) -> bytes:
    """The same picture in fewer bytes: the browser packs for speed, and its filters are made for
    photographs, not for pages.
    """
    head, rest, packed, chunks = png[:8], png[8:], b"", list[tuple[bytes, bytes]]()
    while rest:
        size = int.from_bytes(rest[:4], "big")
        kind, data, rest = rest[4:8], rest[8 : 8 + size], rest[12 + size :]
        if kind == b"IDAT":
            packed += data
        else:
            chunks.append((kind, data))
    width = int.from_bytes(chunks[0][1][:4], "big")
    plain = b"".join(b"\0" + row for row in _rows(zlib.decompress(packed), width * RGB))
    chunks.insert(-1, (b"IDAT", zlib.compress(plain, 9)))
    return head + b"".join(
        len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")
        for kind, data in chunks
    )


def _rows(filtered: bytes, length: int) -> Iterator[bytes]:
    """Undoes the filters of a PNG's rows (W3C, Portable Network Graphics, chapter 9)."""
    above = bytearray(length)
    for start in range(0, len(filtered), length + 1):
        way, row = filtered[start], bytearray(filtered[start + 1 : start + 1 + length])
        for i, value in enumerate(row):
            left = row[i - RGB] if i >= RGB else 0
            corner = above[i - RGB] if i >= RGB else 0
            guess = (0, left, above[i], (left + above[i]) >> 1, _paeth(left, above[i], corner))
            row[i] = (value + guess[way]) & 255
        yield bytes(row)
        above = row


def _paeth(left: int, up: int, corner: int) -> int:
    guess = left + up - corner
    return min((left, up, corner), key=lambda near: abs(guess - near))


def _typeface(folder: Path) -> dict[str, str]:
    """Inter in place of what the machine would take, where both are there to choose from."""
    lister = shutil.which("fc-list")
    listed = subprocess.run([lister, "Inter"], capture_output=True, check=False) if lister else None  # noqa: S603 - a fixed command
    if listed is None or not listed.stdout:
        return {}
    rules = folder / "fonts.conf"
    rules.write_text(TYPEFACE, encoding="utf-8")
    return {"FONTCONFIG_FILE": str(rules)}


if __name__ == "__main__":
    main()
