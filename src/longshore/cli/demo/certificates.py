"""A test certificate authority of the demo's own, so that one shop is reached over https."""

from dataclasses import dataclass
from pathlib import Path

import trustme


@dataclass(frozen=True, slots=True)
class Certificates:
    """PEM files: the authority to trust, and a certificate for 127.0.0.1 with its key."""

    authority: Path
    certificate: Path
    key: Path


def make_certificates(folder: Path) -> Certificates:
    folder.mkdir(parents=True, exist_ok=True)
    made = Certificates(folder / "ca.pem", folder / "shop.pem", folder / "shop.key")
    authority = trustme.CA(organization_name="Longshore demo")
    shop = authority.issue_cert("127.0.0.1", "localhost")
    authority.cert_pem.write_to_path(str(made.authority))
    made.key.touch(mode=0o600)
    shop.private_key_pem.write_to_path(str(made.key))
    made.certificate.write_bytes(b"".join(blob.bytes() for blob in shop.cert_chain_pems))
    return made
