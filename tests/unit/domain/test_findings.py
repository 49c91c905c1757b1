import re
from string import Formatter

from longshore.domain.findings import KINDS


def test_every_problem_has_words_and_one_cure():
    for kind in KINDS.values():
        assert kind.title.endswith("."), kind.code
        assert kind.advice.endswith("."), kind.code


def test_placeholders_are_names():
    for kind in KINDS.values():
        for text in (kind.title, kind.advice):
            names = [name for _, name, _, _ in Formatter().parse(text) if name is not None]
            assert all(re.fullmatch("[a-z_]+", name) for name in names), kind.code
