"""Parcel numbers pasted at once: what is in them, shown before anything happens, then what became
of each. What did not fit stays in the box.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from longshore import wiring
from longshore.domain.pasted import (
    LONGEST_CARRIER,
    LONGEST_NUMBER,
    LONGEST_TEXT,
    PastedLine,
    is_carrier,
    read_pasted,
)
from longshore.storage.queries.pasting import APPLIES, ASKS, Fit, Row, fit_pasted
from longshore.web.shared.doing import Failed, together
from longshore.web.shared.ship_forms import CARRIERS

WORDS = {
    Fit.SHIPS: ("ok", gettext_lazy("ships this order")),
    Fit.NUMBERS: ("ok", gettext_lazy("number for a parcel that had none")),
    Fit.KNOWN: ("off", gettext_lazy("is here already")),
    Fit.TAKEN: ("off", gettext_lazy("was shipped with another number")),
    Fit.CLOSED: ("off", gettext_lazy("cannot be shipped now")),
    Fit.SEVERAL: ("need", gettext_lazy("several fit: say which one")),
    Fit.UNKNOWN: ("need", gettext_lazy("no such order: say which one")),
    Fit.NO_ORDER: ("need", gettext_lazy("say which order it is")),
    Fit.UNREADABLE: ("off", gettext_lazy("no parcel number in this line")),
}


class NumbersForm(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("Parcel numbers"),
        max_length=LONGEST_TEXT,
        help_text=gettext_lazy("One a line, such as: 1042, DHL, 00340434161094015902"),
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false", "autocomplete": "off"}),
    )
    carrier = forms.CharField(
        label=gettext_lazy("Carrier, where a line names none"),
        required=False,
        max_length=LONGEST_CARRIER,
        widget=forms.TextInput(attrs={"list": "carriers", "autocomplete": "off"}),
    )

    def clean_text(self) -> str:
        text = str(self.cleaned_data["text"])
        if not any(line.number for line in read_pasted(text)):
            raise forms.ValidationError(_("There is no parcel number in it."))
        return text

    def clean_carrier(self) -> str:
        carrier = str(self.cleaned_data["carrier"]).strip()
        if carrier and not is_carrier(carrier):
            raise forms.ValidationError(_("This is not the name of a carrier."))
        return carrier


@dataclass(frozen=True, slots=True)
class Shown:
    """One row of the page. `asks`: a person may name the order; `given` is what was typed."""

    at: int
    row: Row
    kind: str
    words: str
    asks: bool
    given: str


def numbers_page(
    request: HttpRequest,
    template: str,
    doer: wiring.Doer,
    vendor_id: int | None,
    more: Mapping[str, Any],
) -> HttpResponse:
    """`vendor_id` None: of the whole marketplace."""
    form = NumbersForm(request.POST if request.method == "POST" else None)
    context: dict[str, Any] = {**more, "form": form, "carriers": CARRIERS}
    if form.is_valid():
        named = _named(request, read_pasted(form.cleaned_data["text"]))
        lines = [line for line, _given in named]
        fitted = fit_pasted(doer.marketplace_id, vendor_id, lines)
        rows = [
            _shown(at, row, given)
            for at, (row, (_line, given)) in enumerate(zip(fitted.rows, named, strict=True))
        ]
        if "give" in request.POST:
            picked = [row for row in rows if f"take{row.at}" in request.POST]
            context |= _give(doer, vendor_id, form, rows, picked)
        else:
            ready = sum(row.row.fit in APPLIES for row in rows)
            context |= {"rows": rows, "ready": ready, "open": fitted.open}
    return render(request, template, context, status=_status(form))


def _status(form: NumbersForm) -> int:
    return 422 if form.is_bound and not form.is_valid() else 200


def _named(request: HttpRequest, lines: Sequence[PastedLine]) -> Sequence[tuple[PastedLine, str]]:
    """Each line with the order that a person typed beside it, "" where nobody did."""
    found = []
    for at, line in enumerate(lines):
        given = request.POST.get(f"order{at}", "").replace("\x00", "").strip()[:LONGEST_NUMBER]
        found.append((replace(line, order=given or line.order), given))
    return found


def _shown(at: int, row: Row, given: str) -> Shown:
    kind, words = WORDS[row.fit]
    return Shown(at, row, kind, str(words), row.fit in ASKS or bool(given), given)


def _give(
    doer: wiring.Doer,
    vendor_id: int | None,
    form: NumbersForm,
    rows: Sequence[Shown],
    picked: Sequence[Shown],
) -> Mapping[str, Any]:
    """Gives each order its numbers; each stands for itself. What was not done stays in the box."""
    by_part: dict[int, list[Shown]] = {}
    for one in picked:
        if one.row.fit in APPLIES and one.row.part is not None:
            by_part.setdefault(one.row.part.id, []).append(one)
    results, done = [], set[int]()
    for part_id, ones in by_part.items():
        result = _give_one(doer, vendor_id, part_id, ones, form.cleaned_data["carrier"])
        part = ones[0].row.part
        results.append((part, ", ".join(one.row.line.number for one in ones), result))
        if not isinstance(result, Failed):
            done |= {one.row.line.line for one in ones}
    left = {one.row.line.line for one in rows} - done
    kept = form.cleaned_data["text"].splitlines()
    text = "\n".join(kept[line - 1] for line in sorted(left))
    initial = {"text": text, "carrier": form.cleaned_data["carrier"]}
    failed = [
        (part, numbers, one.words) for part, numbers, one in results if isinstance(one, Failed)
    ]
    given = [(part, numbers) for part, numbers, one in results if not isinstance(one, Failed)]
    return {"form": NumbersForm(initial=initial), "failed": failed, "given": given, "over": True}


def _give_one(
    doer: wiring.Doer,
    vendor_id: int | None,
    part_id: int,
    ones: Sequence[Shown],
    carrier: str,
) -> wiring.Numbered | Failed:
    numbers = [one.row.line.number for one in ones]
    carrier = next((one.row.line.carrier for one in ones if one.row.line.carrier), carrier)

    def act() -> wiring.Numbered:
        result = wiring.give_numbers(doer.marketplace_id, vendor_id, part_id, numbers, carrier)
        after = {"number": ", ".join(numbers)[:LONGEST_TEXT], "carrier": carrier}
        subject = f"part:{part_id}"
        what = wiring.What("numbers_given", subject, result.order, result.vendor_id, after=after)
        wiring.note_deed(doer, what)
        return result

    return together(act)
