"""Secrets for commands: from the environment, else typed unseen, else from what is piped in. Never
from arguments, which stay in the shell's history.
"""

import os
import sys

import typer

from longshore.cli.output import complain


def ask_secret(variable: str, name: str) -> str:
    """The secret in `variable`, or asked for by its `name`. Ends the command with 2 when there is
    none.
    """
    secret = os.environ.get(variable, "").strip()
    if not secret and sys.stdin.isatty():
        secret = typer.prompt(name, hide_input=True).strip()
    elif not secret:
        secret = sys.stdin.readline().strip()
    if not secret:
        complain(f"{name}: nothing was given. Type it when asked, or set {variable}.")
        raise typer.Exit(2)
    return secret
