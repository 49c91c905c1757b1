"""A store that nobody has looked at yet is examined before it is used."""

from longshore.domain.problem import filled
from longshore.domain.verdicts import VERDICTS
from longshore.ports.doctor import Order
from longshore.ports.errors import NeedsVendor
from longshore.ports.stores import ConnectionProfile
from longshore.stores.http import GuardedClient
from longshore.stores.woocommerce.access import StoreAccess
from longshore.stores.woocommerce.doctor import Doctor
from longshore.stores.woocommerce.doctor.asking import PAUSE_S


def read_profile(
    http: GuardedClient, access: StoreAccess, pause_s: float = PAUSE_S
) -> ConnectionProfile:
    """Raises NeedsVendor with the doctor's finding when it cannot be used at all."""
    order = Order(access.base_url, access.key, access.secret)
    diagnosis = Doctor(http, pause_s=pause_s).examine(order, lambda _: None)
    if diagnosis.profile is not None:
        return diagnosis.profile
    finding = diagnosis.findings[0]
    verdict = VERDICTS[finding.code]
    text = filled(f"{verdict.seen} {verdict.do}", finding.evidence)
    raise NeedsVendor(text, finding=finding)
