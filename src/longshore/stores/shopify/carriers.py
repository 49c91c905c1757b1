"""Carriers by the names Shopify knows: with one of them, written exactly so, it builds the tracking
link itself (schema: FulfillmentTrackingInfo.company; help.shopify.com lists them by country).
"""

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from longshore.domain.parcel_numbers import bare, carrier_of

KNOWN = (
    "4PX", "ACS Courier", "AGS", "APC", "Amazon", "Amazon Logistics UK", "An Post",
    "Aramex Australia", "Aras Kargo", "Asendia USA", "Australia Post", "BPost",
    "BPost International", "BRT", "Bluedart", "Bring", "CTT", "CTT Express", "Canada Post",
    "Canpar", "China Post", "Chronopost", "Colis Privé", "Colissimo", "Coordinadora", "Correios",
    "Correos", "Couriers Please", "Cyprus Post", "DHL", "DHL Express", "DHL Parcel",
    "DHL eCommerce", "DHL eCommerce Asia", "DPD", "DPD Ireland", "DPD Local", "DPD UK", "DTDC",
    "DX", "Delhivery", "Deutsche Post", "Ecom Express", "Ekart", "Estes", "Evri", "Fastway",
    "FedEx", "GLS", "GLS Italy", "Hermes", "Iceland Post", "India Post", "Inpost", "Intelcom",
    "Israel Post", "Japan Post (EN)", "La Poste Colissimo", "Lasership", "Latvia Post",
    "Lietuvos Paštas", "Lone Star Overnight", "Loomis", "Mondial Relay", "New Zealand Post",
    "NinjaVan", "OnTrac", "PTT", "Packeta", "Parcelforce", "Pitney Bowes", "Portal PostNord",
    "PostNL", "PostNord DK", "PostNord NO", "PostNord SE", "Poste Italiane", "Purolator",
    "Royal Mail", "SEUR", "SF Express", "Sagawa (EN)", "Sendle", "Singapore Post", "Speedy",
    "StarTrack", "Swiss Post", "Sürat Kargo", "TNT", "TNT Australia", "Toll IPEC", "Tuffnells",
    "UPS", "USPS", "Venipak", "Whistl", "XPO Logistics", "XpressBees", "Yamato (EN)", "Yodel",
    "YunExpress", "Yurtiçi Kargo", "Zásilkovna", "Österreichische Post",
)  # fmt: skip
"""Of Shopify's list those that parcels of WooCommerce shops come with."""
_OTHER_NAMES = {
    "amazonlogistics": "Amazon",
    "amazonlogisticsus": "Amazon",
    "amazonlogisticsuk": "Amazon Logistics UK",
    "amazonuk": "Amazon Logistics UK",
    "austriapost": "Österreichische Post",
    "austpost": "Australia Post",
    "bartolinibrt": "BRT",
    "bpostbe": "BPost",
    "brazilcorreios": "Correios",
    "colissimoofficiel": "Colissimo",
    "correosexpress": "Correos",
    "dhlecommerceus": "DHL eCommerce",
    "dhlexpress": "DHL Express",
    "dhlforyou": "DHL Parcel",
    "dhlgermany": "DHL",
    "dhlde": "DHL",
    "dhlglobalmail": "DHL eCommerce",
    "dhlpaket": "DHL",
    "dhlparcelnl": "DHL Parcel",
    "dhlparceluk": "DHL Parcel",
    "dhlpwc": "DHL Parcel",
    "dhlus": "DHL Express",
    "deutschepostdhl": "DHL",
    "dpdcouk": "DPD UK",
    "dpdde": "DPD",
    "dpdie": "DPD Ireland",
    "emsbrazil": "Correios",
    "evrihermes": "Evri",
    "fedexsameday": "FedEx",
    "glsit": "GLS Italy",
    "hermesuk": "Evri",
    "hermesworld": "Evri",
    "inpostkurier": "Inpost",
    "inpostpaczkomaty": "Inpost",
    "islandspostur": "Iceland Post",
    "japanpost": "Japan Post (EN)",
    "laposte": "La Poste Colissimo",
    "lapostecolissimo": "La Poste Colissimo",
    "lasershipontrac": "OnTrac",
    "latvijaspasts": "Latvia Post",
    "lietuvospastas": "Lietuvos Paštas",
    "lpc": "Colissimo",
    "mondialrelaypoint": "Mondial Relay",
    "myhermes": "Evri",
    "osterreichischepost": "Österreichische Post",
    "parcelforce": "Parcelforce",
    "postenbring": "Bring",
    "postennorgebring": "Bring",
    "postnl3s": "PostNL",
    "postnlinternational": "PostNL",
    "postnlinternational3s": "PostNL",
    "posteit": "Poste Italiane",
    "sagawa": "Sagawa (EN)",
    "spaincorreoses": "Correos",
    "stamps": "USPS",
    "stampscom": "USPS",
    "endicia": "USPS",
    "toll": "Toll IPEC",
    "upsdap": "UPS",
    "upsfreight": "UPS",
    "uspsmailinnovations": "USPS",
    "yamato": "Yamato (EN)",
    "yurticikargo": "Yurtiçi Kargo",
    "zasilkovna": "Packeta",
}
"""Names that WooCommerce's plugins and AfterShip use for the same carriers, without what is not a
letter or a digit.
"""
_BY_COUNTRY: Mapping[str, Mapping[str, str]] = {
    "dhl": {"DE": "DHL", "NL": "DHL Parcel", "": "DHL Express"},
    "dpd": {"GB": "DPD UK", "IE": "DPD Ireland", "": "DPD"},
    "gls": {"IT": "GLS Italy", "": "GLS"},
    "hermes": {"DE": "Hermes", "": "Evri"},
    "postnord": {"DK": "PostNord DK", "NO": "PostNord NO", "SE": "PostNord SE",
                 "": "Portal PostNord"},
    "tnt": {"AU": "TNT Australia", "": "TNT"},
    "aramex": {"AU": "Aramex Australia"},
    "amazonlogistics": {"GB": "Amazon Logistics UK", "": "Amazon"},
}  # fmt: skip
"""Names that Shopify has several of: the sender's country decides, "" is for all others."""
_BEGINNINGS = ("UPS", "USPS", "FedEx", "Royal Mail", "Australia Post", "Canada Post",
               "DHL Express", "DHL eCommerce", "DHL Parcel", "DHL Paket", "DHL", "DPD", "GLS",
               "PostNL", "PostNord", "Evri")  # fmt: skip
"""Shops write the service behind the carrier: "USPS - Ground Advantage"."""
_HOSTS = {
    "ups.com": "UPS",
    "usps.com": "USPS",
    "fedex.com": "FedEx",
    "dhl.de": "DHL",
    "royalmail.com": "Royal Mail",
    "evri.com": "Evri",
    "dpd.co.uk": "DPD UK",
    "postnl.nl": "PostNL",
    "gls-group.eu": "GLS",
    "colissimo.fr": "Colissimo",
    "chronopost.fr": "Chronopost",
    "mondialrelay.fr": "Mondial Relay",
    "auspost.com.au": "Australia Post",
    "canadapost-postescanada.ca": "Canada Post",
    "posteitaliane.it": "Poste Italiane",
    "poste.it": "Poste Italiane",
    "correos.es": "Correos",
    "seur.com": "SEUR",
    "bring.no": "Bring",
    "inpost.pl": "Inpost",
    "packeta.com": "Packeta",
    "zasilkovna.cz": "Packeta",
}


def _bare(name: str) -> str:
    return "".join(mark for mark in name.casefold() if mark.isalnum())


_KNOWN_NAMES = frozenset(KNOWN)
_BY_BARE_NAME = {_bare(name): name for name in KNOWN} | _OTHER_NAMES


def company(carrier: str, number: str = "", url: str = "", country: str = "") -> str:
    """Shopify's name for a carrier, the carrier's own where Shopify knows none. A name that several
    go by is told apart by the number's form, then by the sender's country.
    """
    return (
        _named(carrier, number, country)
        or _by_beginning(carrier, number, country)
        or ("" if carrier.strip() else _by_host(url) or carrier_of(number))
        or " ".join(carrier.split())
    )


def is_known(name: str) -> bool:
    """Whether Shopify builds links for a carrier of exactly this name."""
    return name in _KNOWN_NAMES


def _named(carrier: str, number: str, country: str) -> str:
    name = _bare(carrier)
    if name == "dhl" and number:
        by_form = carrier_of(number)
        if by_form == "DHL" or re.fullmatch(r"\d{10}", bare(number)):
            return by_form or "DHL Express"
    if name in _BY_COUNTRY:
        choices = _BY_COUNTRY[name]
        return choices.get(country.upper()) or choices.get("", "")
    return _BY_BARE_NAME.get(name, "")


def _by_beginning(carrier: str, number: str, country: str) -> str:
    text = " ".join(carrier.replace("_", " ").split()).casefold()
    for name in _BEGINNINGS:
        begin = name.casefold()
        if text.startswith(begin) and not text[len(begin) : len(begin) + 1].isalnum():
            return _named(name, number, country)
    return ""


def _by_host(url: str) -> str:
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return ""
    return next(
        (name for end, name in _HOSTS.items() if host == end or host.endswith(f".{end}")), ""
    )
