"""The packing slip: what goes into the parcel and where it goes, as a PDF. No prices: the buyer
bought from the marketplace.
"""

from collections.abc import Callable

from django.http import HttpResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from fpdf import FPDF
from fpdf.enums import XPos, YPos

from longshore.storage.queries.portal import PartPage
from longshore.web.shared.countries import country_name
from longshore.web.shared.slip_fonts import FONT, add_usual, add_whole, drawable

EDGE_MM = 18
QUANTITY_MM = 24


def slip_answer(part: PartPage) -> HttpResponse:
    answer = HttpResponse(packing_slip(part), content_type="application/pdf")
    name = "".join(c for c in part.row.name if c.isalnum()) or str(part.row.id)
    answer["Content-Disposition"] = f'inline; filename="packing-slip-{name}.pdf"'
    return answer


class _UnusualError(Exception):
    """A character that only the whole typeface has."""


def packing_slip(part: PartPage) -> bytes:
    """One page or more, A4. Characters that the typeface lacks become question marks."""
    try:
        return _drawn(part, add_usual)
    except _UnusualError:
        return _drawn(part, add_whole)


def _drawn(part: PartPage, add_fonts: Callable[[FPDF], None]) -> bytes:
    pdf = FPDF(format="A4")
    pdf.set_margins(EDGE_MM, EDGE_MM)
    pdf.set_auto_page_break(auto=True, margin=EDGE_MM)
    add_fonts(pdf)
    pdf.set_title(_("Packing slip %(name)s") % {"name": part.row.name})
    pdf.add_page()
    _head(pdf, part)
    _goods(pdf, part)
    return bytes(pdf.output())


def _head(pdf: FPDF, part: PartPage) -> None:
    _line(pdf, part.marketplace, 18, bold=True)
    ordered = date_format(timezone.localtime(part.row.created_at), "j F Y")
    _line(pdf, _("Order %(name)s of %(day)s") % {"name": part.row.name, "day": ordered}, 11)
    if part.row.number:
        shop = {"shop": part.shop, "number": part.row.number}
        _line(pdf, _("%(shop)s, order %(number)s") % shop, 9, soft=True)
    pdf.ln(8)
    for text in address_lines(part):
        _line(pdf, text, 12)
    if part.shipping:
        pdf.ln(3)
        _line(pdf, part.shipping, 9, soft=True)
    pdf.ln(8)


def address_lines(part: PartPage) -> list[str]:
    """The address as a label has it."""
    given = part.address.get
    lines = [
        given("company", ""),
        f"{given('first_name', '')} {given('last_name', '')}".strip(),
        given("line1", ""),
        given("line2", ""),
        f"{given('postcode', '')} {given('city', '')}".strip(),
        given("region", ""),
        country_name(given("country", "")),
    ]
    return [line for line in lines if line]


def _goods(pdf: FPDF, part: PartPage) -> None:
    pdf.set_draw_color(180)
    for line in part.lines:
        pdf.line(EDGE_MM, pdf.get_y(), pdf.w - EDGE_MM, pdf.get_y())
        pdf.ln(2)
        pdf.set_font(FONT, "B", 12)
        pdf.cell(QUANTITY_MM, 7, f"{line.quantity} ×")  # noqa: RUF001 - the sign for times
        pdf.set_font(FONT, "", 12)
        pdf.multi_cell(0, 7, _known(pdf, line.title), new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        if line.sku:
            pdf.set_x(EDGE_MM + QUANTITY_MM)
            _line(pdf, line.sku, 9, soft=True)
        pdf.ln(2)
    pdf.line(EDGE_MM, pdf.get_y(), pdf.w - EDGE_MM, pdf.get_y())
    if part.note:
        pdf.ln(6)
        _line(pdf, _("The buyer writes: %(note)s") % {"note": part.note}, 11)


def _line(pdf: FPDF, text: str, size: int, *, bold: bool = False, soft: bool = False) -> None:
    pdf.set_font(FONT, "B" if bold else "", size)
    pdf.set_text_color(110 if soft else 20)
    pdf.multi_cell(0, size * 0.5, _known(pdf, text), new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    pdf.set_text_color(20)


def _known(pdf: FPDF, text: str) -> str:
    """The text without what the typeface cannot draw, nor what could steer the page. Raises
    _UnusualError where the whole typeface could.
    """
    glyphs = pdf.current_font.cmap if pdf.current_font else {}  # type: ignore[union-attr]  # ours is a TTF
    shown = " ".join(text.split())
    lacking = {c for c in shown if ord(c) not in glyphs}
    if any(ord(c) in drawable() for c in lacking):
        raise _UnusualError
    return "".join("?" if c in lacking else c for c in shown)
