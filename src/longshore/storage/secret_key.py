"""The hub's master keys: given by the environment, or made once in the data folder; all other keys
are derived from them by purpose.
"""

import base64
import os
import secrets
import stat
from functools import cache
from pathlib import Path

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from longshore.settings import SettingError, Settings

SHORTEST_KEY = 32
KEY_FILE = "secret.key"


@cache
def master_keys(settings: Settings) -> tuple[str, ...]:
    """The current key first, then the older ones that may still decrypt. Raises SettingError.

    Made and stored in the data folder (mode 0600) when LONGSHORE_SECRET_KEY is not set.
    """
    keys = settings.secret_keys
    if keys:
        short = [number for number, key in enumerate(keys, 1) if len(key) < SHORTEST_KEY]
        if short:
            raise SettingError(
                f"LONGSHORE_SECRET_KEY: key {short[0]} of {len(keys)} is shorter than"
                f" {SHORTEST_KEY} characters. Make one with: openssl rand -base64 48"
            )
        return keys
    return (_key_from_file(settings.data_dir / KEY_FILE),)


def derive(key: str, purpose: str) -> str:
    """A key of its own for each purpose; url-safe base64 of 32 bytes, as Fernet wants it."""
    bits = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"longshore:" + purpose.encode())
    return base64.urlsafe_b64encode(bits.derive(key.encode())).decode()


def _key_from_file(path: Path) -> str:
    try:
        if not path.exists():
            _make_key(path)
        mode = stat.S_IMODE(path.stat().st_mode)
        key = path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingError(
            f"The secret key {path} cannot be read or made ({error}). Give LONGSHORE_DATA a folder"
            " that this user may write to, or set LONGSHORE_SECRET_KEY."
        ) from None
    if mode & 0o077:
        raise SettingError(
            f"The secret key {path} can be read by other users. Run: chmod 600 {path}"
        )
    if len(key) < SHORTEST_KEY:
        raise SettingError(
            f"The secret key {path} is damaged (shorter than {SHORTEST_KEY} characters)."
            " Restore it from a backup; without it stored credentials cannot be read."
        )
    return key


def _make_key(path: Path) -> None:
    """Several processes may come here at once: linking fails for all but one of them, and the key
    is complete on disk before its name exists.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(48) + "\n")
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, path)
        except FileExistsError:
            return
    finally:
        draft.unlink()
