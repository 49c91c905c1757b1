"""`longshore setup`: the questions a new marketplace has to answer, asked one by one and tested."""

import os
from collections.abc import Callable
from typing import Annotated, TypeVar
from zoneinfo import ZoneInfo, available_timezones

import typer

from longshore.cli.database import hub, migrate_tables
from longshore.cli.output import complain, say
from longshore.ports.errors import LongshoreError

Answer = TypeVar("Answer")


def register(app: typer.Typer) -> None:
    @app.command()
    def setup(
        name: Annotated[str, typer.Option(help="The marketplace's name.")] = "",
        timezone: Annotated[str, typer.Option(help="Such as Europe/Prague.")] = "",
        owner: Annotated[str, typer.Option(help="The owner's e-mail address.")] = "",
    ) -> None:
        """Set up a marketplace: name, time zone, Shopify, location, publication, mail, owner."""
        name = name or typer.prompt("Marketplace name")
        timezone = _until(_timezone, timezone or None, "Time zone", default="UTC")
        with hub() as env:
            migrate_tables()
            from longshore.storage.models import Marketplace

            row, made = Marketplace.objects.get_or_create(
                name=name, defaults={"timezone": timezone}
            )
            if not made:
                row.timezone = timezone
                row.save(update_fields=["timezone"])
            say(f"The marketplace {name} is {'made' if made else 'kept'}.")
            _shopify(row.pk)
            _mail(row.pk)
            say(
                f"Shops reach the hub at {env.public_url}."
                if env.public_url
                else "No LONGSHORE_PUBLIC_URL is set: the shops are polled, webhooks stay off."
            )
            _owner(row.pk, owner)


def _until(check: Callable[[str], Answer], given: str | None, text: str, default: str) -> Answer:
    """Asks until the answer passes `check`; a given answer that fails ends the command."""
    while True:
        answer: str = given if given is not None else typer.prompt(text, default=default)
        try:
            return check(answer)
        except ValueError as error:
            complain(str(error))
            if given is not None:
                raise typer.Exit(2) from None


def _timezone(text: str) -> str:
    if text not in available_timezones():
        raise ValueError(f"{text!r} is no time zone. Write it like Europe/Prague or UTC.")
    return ZoneInfo(text).key


def _shopify(marketplace_id: int) -> None:
    from longshore import wiring
    from longshore.ports.ledger.connections import StorefrontKeys
    from longshore.storage.models import Storefront

    if Storefront.objects.filter(marketplace_id=marketplace_id).exists() and not typer.confirm(
        "A Shopify shop is connected. Connect it again?", default=False
    ):
        return
    while typer.confirm("Connect the Shopify shop now?", default=True):
        shop = typer.prompt("Shop domain (name.myshopify.com)")
        client_id = typer.prompt("Client id (empty to use an access token)", default="")
        secret = os.environ.get("LONGSHORE_SECRET") or typer.prompt("API secret", hide_input=True)
        token = "" if client_id else typer.prompt("Access token", hide_input=True)
        try:
            wiring.connect_storefront(
                marketplace_id, StorefrontKeys(shop, client_id, secret, token)
            )
        except LongshoreError as error:
            complain(error.person)
            continue
        say(f"{shop} is connected.")
        _places(marketplace_id)
        return


def _places(marketplace_id: int) -> None:
    """Which publication sells the listings, and where the stock stands."""
    from longshore import wiring
    from longshore.storage.models import LocationLayout, Storefront

    row = Storefront.objects.get(marketplace_id=marketplace_id)
    with wiring.open_storefront(marketplace_id) as storefront:
        publications = list(storefront.list_publications())
        locations = [place for place in storefront.list_locations() if place.active]
    if publications:
        chosen = publications[_choose("Sell on", [one.name for one in publications])]
        row.publication_id, row.publication_name = chosen.publication_id, chosen.name
    layout = _choose(
        "Keep stock at",
        ["a location for each vendor, while the plan allows"]
        + [f"one location for all: {one.name}" for one in locations],
    )
    row.location_layout = LocationLayout.SHARED if layout else LocationLayout.PER_VENDOR
    if layout:
        row.shared_location_id = locations[layout - 1].location_id
    elif locations:
        row.shared_location_id = locations[0].location_id
    row.save()


def _choose(title: str, choices: list[str]) -> int:
    say(title)
    for number, choice in enumerate(choices, 1):
        say(f"  {number}. {choice}")
    return _until(lambda text: _index(text, len(choices)), None, "Number", default="1")


def _index(text: str, count: int) -> int:
    if not text.isdigit() or not 1 <= int(text) <= count:
        raise ValueError(f"Type a number from 1 to {count}.")
    return int(text) - 1


def _mail(marketplace_id: int) -> None:
    from longshore import wiring
    from longshore.storage.models import Marketplace

    url = typer.prompt(
        "Mail server as smtp://user:password@host:587 (empty: invitations are links to copy)",
        default="",
    )
    while url:
        sender = typer.prompt("Mail is sent from")
        try:
            wiring.test_mail(url, sender, to=sender)
        except LongshoreError as error:
            complain(error.person)
            url = typer.prompt("Mail server (empty to go on without)", default="")
            continue
        row = Marketplace.objects.get(pk=marketplace_id)
        row.mail_url, row.mail_from = url, sender
        row.save()
        say("A test mail was sent.")
        return


def _owner(marketplace_id: int, email: str) -> None:
    from longshore.storage.models import Membership

    if Membership.objects.filter(marketplace_id=marketplace_id, role="owner").exists():
        return
    email = email or typer.prompt("The owner's e-mail address")
    say(f"Run `longshore owner {email}` for the link that sets the owner's password.")
