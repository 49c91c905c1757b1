"""`longshore owner`: the one-time link with which an owner sets a password."""

from typing import Annotated

import typer

from longshore.cli.database import hub, migrate_tables
from longshore.cli.output import say


def register(app: typer.Typer) -> None:
    @app.command()
    def owner(
        email: Annotated[str, typer.Argument(help="The owner's e-mail address.")],
        marketplace: Annotated[
            str, typer.Option(help="The marketplace's name; needed when there are several.")
        ] = "",
        url: Annotated[
            str, typer.Option(help="Where the site is reached, for the link.", metavar="URL")
        ] = "",
    ) -> None:
        """Print a link with which an owner sets a password; it works once, for 3 days."""
        with hub():
            migrate_tables()
            from longshore.web.shared.invitations import invite_owner

            link = invite_owner(email, marketplace=marketplace, base_url=url)
            say(f"Open this link to set the password of {email}. It works once, for 3 days.")
            say(link)
