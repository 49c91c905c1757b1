"""A state as pages show it: an icon with a word, never a color alone."""

from typing import NamedTuple


class State(NamedTuple):
    """`kind` is ok, wait, need, stop or off (see `icons.STATES`); `word` is for people."""

    kind: str
    word: str
