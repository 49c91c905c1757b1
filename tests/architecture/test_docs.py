"""The documents are true: links lead somewhere, every setting and every command is told."""

from tools import docs


def test_every_setting_is_documented() -> None:
    assert docs.undocumented_settings() == set()


def test_no_setting_is_documented_that_nobody_reads() -> None:
    text = (docs.ROOT / "docs" / "howto" / "settings.md").read_text()
    told = {name for name in docs.SETTING.findall(text) if "_EXAM_" not in name}
    assert told - docs.settings_in_code() == set()


def test_links_lead_somewhere() -> None:
    assert docs.broken_links() == []


def test_the_tour_names_what_there_is() -> None:
    assert docs.untrue_tour() == []


def test_every_command_is_documented() -> None:
    titles = [line for line in docs.commands().splitlines() if line.startswith("## ")]
    written = docs.COMMANDS.read_text().splitlines()
    assert [title for title in titles if title not in written] == [], "run `make docs`"


def test_decisions_are_one_page() -> None:
    assert docs.long_decisions() == []
