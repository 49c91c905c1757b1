import pytest

from longshore.stores.shopify.carriers import KNOWN, company
from simulators.shopify.schema import carriers


def test_every_name_is_one_of_shopifys_own():
    assert set(KNOWN) - carriers() == set()


@pytest.mark.parametrize(
    ("carrier", "name"),
    [
        ("ups", "UPS"), ("upsdap", "UPS"), ("USPS - Ground Advantage", "USPS"), ("usps", "USPS"),
        ("Bpost", "BPost"), ("bpost-international", "BPost International"),
        ("La Poste", "La Poste Colissimo"), ("la-poste-colissimo", "La Poste Colissimo"),
        ("Amazon Logistics US", "Amazon"), ("amazon-logistics-uk", "Amazon Logistics UK"),
        ("dhl-germany", "DHL"), ("DHL Paket", "DHL"), ("dhl_express", "DHL Express"),
        ("dhl-global-mail", "DHL eCommerce"), ("POSTNL", "PostNL"), ("postnl-3s", "PostNL"),
        ("evri-hermes", "Evri"), ("inpostkurier", "Inpost"), ("InPost", "Inpost"),
        ("posten-norge-bring", "Bring"), ("lietuvos paštas", "Lietuvos Paštas"),
        ("Colis Privé", "Colis Privé"), ("omniva", "omniva"), (" Bike  Courier ", "Bike Courier"),
        ("upsala trucks", "upsala trucks"), ("", ""),
    ],
)  # fmt: skip
def test_names_of_plugins_become_shopifys(carrier: str, name: str):
    assert company(carrier) == name


@pytest.mark.parametrize(
    ("carrier", "number", "country", "name"),
    [
        ("PostNord", "1", "DK", "PostNord DK"), ("PostNord", "1", "se", "PostNord SE"),
        ("PostNord", "1", "FI", "Portal PostNord"), ("dpd", "1", "GB", "DPD UK"),
        ("dpd", "1", "DE", "DPD"), ("gls", "1", "IT", "GLS Italy"),
        ("dhl", "1", "NL", "DHL Parcel"),
        ("dhl", "00340123456789012345", "FR", "DHL"), ("dhl", "1234567890", "DE", "DHL Express"),
        ("dhl", "123", "DE", "DHL"), ("dhl", "123", "US", "DHL Express"),
        ("aramex", "1", "AU", "Aramex Australia"), ("aramex", "1", "AE", "aramex"),
        ("", "1Z999AA10123456784", "", "UPS"), ("", "RR473124829GB", "", "Royal Mail"),
        ("", "RR473124828GB", "", ""),
    ],
)  # fmt: skip
def test_what_several_go_by_is_told_apart(carrier: str, number: str, country: str, name: str):
    assert company(carrier, number, "", country) == name


def test_without_a_name_the_link_tells():
    assert company("", "12", "https://www.ups.com/track?n=12") == "UPS"
    assert company("", "12", "https://notups.com/track?n=12") == ""
