"""How commands speak: results on stdout, everything else on stderr."""

from rich.console import Console

out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)


def say(message: str) -> None:
    """A step that was done or a result, for people."""
    out.print(message)


def complain(message: str) -> None:
    """One line that says what is wrong and how to mend it."""
    err.print(message, style="bold red", markup=False)
