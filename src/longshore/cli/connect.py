"""`longshore connect`: a vendor's store or the Shopify shop, from the terminal."""

from typing import Annotated

import typer

from longshore.cli.database import hub, migrate_tables
from longshore.cli.doctor import told
from longshore.cli.output import complain, say
from longshore.cli.secret import ask_secret

SECRET = "LONGSHORE_SECRET"  # noqa: S105 - the variable's name
TOKEN = "LONGSHORE_SHOPIFY_TOKEN"  # noqa: S105 - the variable's name

MarketplaceName = Annotated[str, typer.Option(help="Which marketplace, where there are several.")]


def register(app: typer.Typer) -> None:
    connect = typer.Typer(help="Connect a vendor's WooCommerce or the Shopify shop.")
    connect.command("woocommerce")(woocommerce)
    connect.command("shopify")(shopify)
    app.add_typer(connect, name="connect")


def woocommerce(
    url: Annotated[str, typer.Argument(help="The shop's address.")],
    vendor: Annotated[str, typer.Option(help="The vendor's name; made when new.")],
    key: Annotated[str, typer.Option(help="The consumer key, ck_...")],
    marketplace: MarketplaceName = "",
) -> None:
    """Connect a vendor's WooCommerce; its secret is asked for, or taken from LONGSHORE_SECRET."""
    secret = ask_secret(SECRET, "Consumer secret")
    with hub():
        migrate_tables()
        from longshore import wiring
        from longshore.storage.models import Vendor

        owner = the_marketplace(marketplace)
        row, made = Vendor.objects.get_or_create(marketplace_id=owner, name=vendor)
        try:
            store_id = wiring.connect_store(row.pk, url, key, secret, told)
        except BaseException:
            if made:
                Vendor.objects.filter(pk=row.pk).delete()
            raise
        say(f"{vendor} is connected as store {store_id}. Its catalog is being imported.")


def shopify(
    shop: Annotated[str, typer.Argument(help="The shop's domain, name.myshopify.com.")],
    client_id: Annotated[str, typer.Option(help="The app's client id.")] = "",
    *,
    token: Annotated[
        bool, typer.Option(help="Sign in with an existing access token (asked for).")
    ] = False,
    api_base: Annotated[str, typer.Option(help="Another address for the API.")] = "",
    marketplace: MarketplaceName = "",
) -> None:
    """Connect the Shopify shop; the app's secret is asked for, or taken from LONGSHORE_SECRET."""
    if not client_id and not token:
        complain("Give --client-id, or --token for an app that has an access token.")
        raise typer.Exit(2)
    secret = ask_secret(SECRET, "API secret")
    access_token = ""
    if token:
        access_token = ask_secret(TOKEN, "Access token")
    with hub():
        migrate_tables()
        from longshore import wiring
        from longshore.ports.ledger.connections import StorefrontKeys

        owner = the_marketplace(marketplace)
        keys = StorefrontKeys(shop, client_id, secret, access_token, api_base)
        wiring.connect_storefront(owner, keys)
        say(f"{shop} is connected.")


def the_marketplace(name: str) -> int:
    """The id of the marketplace with this name, or of the only one."""
    from longshore.storage.models import Marketplace

    rows = Marketplace.objects.all()
    found = list((rows.filter(name=name) if name else rows).values_list("id", flat=True)[:2])
    if len(found) == 1:
        return found[0]
    if not found:
        complain("There is no such marketplace yet. Run `longshore setup` first.")
    else:
        complain("There are several marketplaces. Name one with --marketplace.")
    raise typer.Exit(2)
