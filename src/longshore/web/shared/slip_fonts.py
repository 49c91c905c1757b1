"""The typefaces of the packing slip. To open a whole one takes three times as long as to draw the
page, so the signs that most slips need are cut out once a process.
"""

from functools import cache
from io import BytesIO
from pathlib import Path

import font_roboto
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fpdf import FPDF
from fpdf.fonts import TTFFont

FONT = "Roboto"
FILES = {"": "Roboto-Regular.ttf", "B": "Roboto-Bold.ttf"}
USUAL = (range(0x250), range(0x2000, 0x2070), range(0x20A0, 0x20D0))
"""Latin of every European language, punctuation, signs of currencies."""


@cache
def drawable() -> frozenset[int]:
    """The characters that the whole typeface has."""
    with _whole("") as font:
        return frozenset(font.getBestCmap() or ())


def add_usual(pdf: FPDF) -> None:
    """Gives the page the cut typeface. fpdf's `add_font` takes paths only, and these have none."""
    for style in FILES:
        key = f"{FONT.lower()}{style}"
        opened = BytesIO(_cut(style))
        pdf.fonts[key] = TTFFont(pdf, opened, key, style)  # type: ignore[arg-type]  # fontTools opens it, which takes open files


def add_whole(pdf: FPDF) -> None:
    for style, name in FILES.items():
        pdf.add_font(FONT, style, _folder() / name)


@cache
def _cut(style: str) -> bytes:
    """A font file, never changed: fpdf changes what it opens, so each page opens its own."""
    options = Options(notdef_outline=True, hinting=False, layout_features=[], name_IDs=["*"])
    options.drop_tables += ["GDEF", "GPOS", "GSUB", "hdmx"]
    cutter, file = Subsetter(options), BytesIO()
    with _whole(style) as font:
        cutter.populate(unicodes=[c for c in font.getBestCmap() or () if _usual(c)])
        cutter.subset(font)
        font.save(file)
    return file.getvalue()


def _whole(style: str) -> TTFont:
    return TTFont(_folder() / FILES[style], recalcTimestamp=False, lazy=True)


def _usual(character: int) -> bool:
    return any(character in part for part in USUAL)


@cache
def _folder() -> Path:
    return Path(font_roboto.__file__).parent / "files"
