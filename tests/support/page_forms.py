"""The forms of a page, as a browser would send them."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

TYPED = {"text", "number", "email", "url", "search", "date", "time", "tel"}
"""What a person types; a password is not shown again everywhere."""


@dataclass
class Form:
    """`sent` holds what the browser sends untouched; `typed`: the names a person types into."""

    action: str
    sent: dict[str, str] = field(default_factory=dict)
    typed: list[str] = field(default_factory=list)
    buttons: list[tuple[str, str]] = field(default_factory=list)


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[Form] = []
        self.values: list[str] = []
        self._by_id: dict[str, Form] = {}
        self._open: Form | None = None
        self._area: tuple[Form, str] | None = None
        self._select: tuple[Form, str] | None = None
        self._in_area = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "form" and values.get("method", "").lower() == "post":
            self._open = Form(values.get("action", ""))
            self.found.append(self._open)
            if "id" in values:
                self._by_id[values["id"]] = self._open
        form = self._by_id.get(values.get("form", "")) or self._open
        if tag == "textarea":
            self.values.append("")
            self._in_area = True
        if tag == "input":
            self.values.append(values.get("value", ""))
        if form is not None and "name" in values:
            self._take(form, tag, values)
        if tag == "option" and self._select is not None:
            form, name = self._select
            if "selected" in values or name not in form.sent:
                form.sent[name] = values.get("value", "")

    def _take(self, form: Form, tag: str, values: dict[str, str]) -> None:
        name, kind = values["name"], values.get("type", "text")
        if tag == "button":
            form.buttons.append((name, values.get("value", "")))
        elif tag == "select":
            self._select = (form, name)
        elif tag == "textarea":
            self._area = (form, name)
            form.sent[name] = ""
            if "readonly" not in values and "hidden" not in values:
                form.typed.append(name)
        elif tag == "input" and kind in {"checkbox", "radio"}:
            if "checked" in values:
                form.sent[name] = values.get("value", "on")
        elif tag == "input":
            form.sent[name] = values.get("value", "")
            if kind in TYPED and "readonly" not in values:
                form.typed.append(name)

    def handle_data(self, data: str) -> None:
        if self._in_area:
            self.values[-1] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None
        if tag == "textarea":  # HTML drops the line break right behind the opening tag
            self.values[-1] = self.values[-1].removeprefix("\r").removeprefix("\n")
            if self._area is not None:
                form, name = self._area
                form.sent[name] = self.values[-1]
            self._area, self._in_area = None, False
        if tag == "select":
            self._select = None


def forms_of(page: str) -> list[Form]:
    """Those that change something, with at least one thing to type."""
    return [form for form in _read(page).found if form.typed]


def values_in(page: str) -> list[str]:
    """What stands in the fields of a page."""
    return _read(page).values


def _read(page: str) -> _Forms:
    parser = _Forms()
    parser.feed(page)
    return parser
