"""Who belongs to a marketplace, and as what."""

from django.db import transaction

from longshore.ports.errors import Rejected
from longshore.storage.models import Membership, Role

STAFF = (Role.OWNER, Role.OPERATOR, Role.READER)


@transaction.atomic
def change_role(marketplace_id: int, member_id: int, role: str) -> tuple[str, str]:
    """(address, the role before). Raises Rejected: there is always an owner left."""
    if role not in STAFF:
        raise Rejected("Choose one of the roles.")
    row = _member(marketplace_id, member_id)
    if row.vendor_id is not None:
        raise Rejected("A vendor's person sees only the vendor's part.")
    before = row.role
    if before == Role.OWNER and role != Role.OWNER:
        _keep_an_owner(marketplace_id, member_id)
    row.role = role
    row.save(update_fields=["role"])
    return row.user.email, before


@transaction.atomic
def remove_member(marketplace_id: int, member_id: int, vendor_id: int | None = None) -> str:
    """Takes a person out (with `vendor_id`: one of that vendor's people); returns the address.
    Their account stays, it opens nothing here. Raises Rejected.
    """
    row = _member(marketplace_id, member_id)
    if row.vendor_id != vendor_id:
        raise Rejected("There is no such person.")
    if row.role == Role.OWNER:
        _keep_an_owner(marketplace_id, member_id)
    email = row.user.email
    row.delete()
    return email


def _member(marketplace_id: int, member_id: int) -> Membership:
    mine = Membership.objects.select_for_update(of=("self",)).filter(marketplace_id=marketplace_id)
    row = mine.select_related("user").filter(pk=member_id).first()
    if row is None:
        raise Rejected("There is no such person.")
    return row


def _keep_an_owner(marketplace_id: int, member_id: int) -> None:
    owners = Membership.objects.select_for_update().filter(
        marketplace_id=marketplace_id, role=Role.OWNER
    )
    if not [one for one in owners if one.pk != member_id]:
        raise Rejected("The marketplace needs an owner. Make somebody else one first.")
