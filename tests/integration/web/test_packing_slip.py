"""The packing slip draws whatever a title says, with the cut typeface or the whole one."""

import re
from collections.abc import Callable

import pytest
from fpdf import FPDF

from longshore.storage.models import PurchaseOrder
from longshore.storage.queries.portal import PartPage, part_page
from longshore.web.shared.packing_slip import packing_slip
from longshore.web.shared.slip_fonts import FILES, FONT, add_usual, add_whole, drawable
from support.screens import World


@pytest.fixture
def titled(world: World) -> Callable[[str], PartPage]:
    """The part of an order whose line has a title."""
    row = PurchaseOrder.objects.get(order__name="#1044")

    def part(title: str) -> PartPage:
        row.order.lines.update(title=title)
        found = part_page(row.marketplace_id, row.vendor_id, row.pk)
        assert found is not None
        return found

    return part


def signs(pdf: bytes) -> str:
    """What a reader copies out of the file, each character once."""
    told = b"".join(re.findall(rb"begincmap.*?endcmap", pdf, re.DOTALL))
    pairs = re.findall(rb"<[0-9A-F]{4}> <([0-9A-F]+)>", told)
    return "".join(sorted({bytes.fromhex(p.decode()).decode("utf-16-be") for p in pairs}))


@pytest.mark.parametrize(
    ("title", "drawn"),
    [
        ("Łódź \N{EN DASH} 20 € mug", "Łódź\N{EN DASH}€"),
        ("Чашка, ạ and Ω", "Чашкạ\N{GREEK CAPITAL LETTER OMEGA}"),
        ("Cup \N{TEACUP WITHOUT HANDLE} 茶 Ж", "?Ж"),
    ],
)
def test_signs_of_any_script_are_drawn(
    titled: Callable[[str], PartPage], title: str, drawn: str
) -> None:
    found = signs(packing_slip(titled(title)))
    assert set(drawn) <= set(found)
    assert "茶" not in found


def test_a_slip_after_another_has_only_its_own_signs(titled: Callable[[str], PartPage]) -> None:
    first = packing_slip(titled("Jug"))
    assert "X" in signs(packing_slip(titled("XXL jug")))
    assert signs(packing_slip(titled("Jug"))) == signs(first)


@pytest.mark.parametrize("style", FILES)
def test_the_cut_typeface_is_as_wide_as_the_whole_one(style: str) -> None:
    cut, whole = FPDF(), FPDF()
    add_usual(cut)
    add_whole(whole)
    key = f"{FONT.lower()}{style}"
    some = cut.fonts[key].cmap  # type: ignore[union-attr]  # ours is a TTF
    assert {ord(c) for c in "aÅłő€\N{MULTIPLICATION SIGN}\N{EN DASH}“"} <= set(some) <= drawable()
    assert {c: cut.fonts[key].cw[c] for c in some} == {c: whole.fonts[key].cw[c] for c in some}
    assert cut.fonts[key].desc.ascent == whole.fonts[key].desc.ascent  # type: ignore[union-attr]
    for opened in whole.fonts.values():
        opened.close()  # type: ignore[union-attr]
