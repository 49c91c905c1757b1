"""The gallery shows every component, in every state it can be in, in each look."""

import re
from pathlib import Path

import pytest
from django.test import Client

from longshore.web import shared
from longshore.web.shared.gallery import LOOKS, STATES
from support.screens import World

TEMPLATES = Path(shared.__file__).parents[1] / "templates"
COTTON = TEMPLATES / "cotton"
SECTION = re.compile(r'data-parts="([^"]*)"(.*?)</section>', re.DOTALL)
FULL = {"table", "note"}
"""What holds what was read from elsewhere shows all states there are."""
ONE_SIZE = {"toast", "age", "count", "head", "filters", "vendor_field", "kept", "dialog", "stat"}
"""Parts whose texts are ours or are cut by the form that made them: a usual state is enough."""


@pytest.fixture
def builder(world: World, owner: Client) -> Client:
    world.owner.is_superuser = True
    world.owner.save()
    return owner


def components() -> set[str]:
    return {path.stem for path in COTTON.glob("*.html")}


def shown() -> dict[str, set[str]]:
    """The states in which the gallery's templates show each component."""
    found: dict[str, set[str]] = {}
    for path in (TEMPLATES / "gallery.html", *(TEMPLATES / "gallery").glob("*.html")):
        for parts, inside in SECTION.findall(path.read_text(encoding="utf-8")):
            states = set(re.findall(r'data-state="(\w+)"', inside))
            for part in parts.split():
                assert _uses(part, inside), f"{part} is promised in {path.name}, but not there"
                found.setdefault(part, set()).update(states)
    return found


def _uses(part: str, text: str) -> bool:
    """Whether a component stands in the text, itself or inside of another one."""
    name = part.replace("_", "-")
    if re.search(rf"<c-{name}[\s>/]", text):
        return True
    outer = [path for path in COTTON.glob("*.html") if path.stem != part and _names(path, name)]
    return any(_uses(path.stem, text) for path in outer)


def _names(path: Path, name: str) -> bool:
    return re.search(rf"<c-{name}[\s>/]", path.read_text(encoding="utf-8")) is not None


def test_every_component_is_in_the_gallery():
    missing = components() - set(shown())
    assert not missing, f"not in the gallery: {missing}"
    assert set(shown()) - components() == set(), "the gallery promises what is not there"


def test_every_component_is_shown_as_it_really_comes():
    for part, states in shown().items():
        assert states <= set(STATES), part
        assert "usual" in states, part
        assert "long" in states or part in ONE_SIZE | {"bars", "chart", "progress"}, part
    for part in FULL:
        assert shown()[part] >= set(STATES) - {"empty"}, part
    assert {state for states in shown().values() for state in states} == set(STATES)


def test_the_gallery_is_for_who_builds_screens(world: World, owner: Client):
    assert owner.get("/gallery/").status_code == 404


@pytest.mark.parametrize("look", [value for value, _words in LOOKS])
def test_it_is_drawn_in_each_look(builder: Client, look: str):
    page = builder.get(f"/gallery/?look={look}").content.decode()
    head = page[: page.index("<head>")]
    assert ('dir="rtl"' in head) is (look == "rtl")
    assert ('data-theme="dark"' in head) is (look == "dark")
    for part in ("btn main", "state stop", "card need", "equation", "chart", "steps", "probs"):
        assert f'class="{part}' in page, part
    assert "<c-" not in page
