"""`longshore buyer`: what is kept about a buyer, for the buyer, and its end."""

import json
from typing import Annotated

import typer

from longshore.cli.database import hub, require_tables
from longshore.cli.output import say

Email = Annotated[str, typer.Argument(help="The buyer's e-mail address.")]
Named = Annotated[str, typer.Option(help="The marketplace's name; needed when there are several.")]


def register(app: typer.Typer) -> None:
    buyer = typer.Typer(no_args_is_help=True, help="Show or erase what is kept about a buyer.")
    app.add_typer(buyer, name="buyer")

    @buyer.command()
    def export(email: Email, marketplace: Named = "") -> None:
        """Print everything kept about a buyer as JSON."""
        with hub():
            require_tables()
            from longshore import wiring

            found = wiring.export_buyer(wiring.marketplace_named(marketplace), email)
            say(json.dumps(found, ensure_ascii=False, indent=2))

    @buyer.command()
    def erase(email: Email, marketplace: Named = "") -> None:
        """Erase a buyer's data; open orders lose it as soon as they are closed."""
        with hub():
            require_tables()
            from longshore import wiring

            done = wiring.erase_buyer(wiring.marketplace_named(marketplace), email)
            say(f"{done.erased} orders no longer name their buyer.")
            if done.waiting:
                say(f"{done.waiting} open ones follow when they are shipped or canceled.")
