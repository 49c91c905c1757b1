import stat
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from longshore import settings
from longshore.settings import SettingError, Settings
from longshore.storage.secret_key import KEY_FILE, _key_from_file, derive, master_keys

LONG = "fake-key-of-enough-characters-0123456789"


def given(folder: Path, *keys: str) -> Settings:
    return replace(settings.load(), data_dir=folder, secret_keys=keys)


def test_a_key_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    (made,) = master_keys(given(folder))
    file = folder / KEY_FILE
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert file.read_text().strip() == made
    assert _key_from_file(file) == made
    assert [path.name for path in folder.iterdir()] == [KEY_FILE]


def test_processes_that_start_at_once_agree_on_the_key(tmp_path: Path) -> None:
    file = tmp_path / KEY_FILE
    with ThreadPoolExecutor(16) as pool:
        keys = set(pool.map(lambda _: _key_from_file(file), range(64)))
    assert len(keys) == 1
    assert [path.name for path in tmp_path.iterdir()] == [KEY_FILE]


def test_keys_from_the_environment_win_and_leave_no_file(tmp_path: Path) -> None:
    assert master_keys(given(tmp_path, LONG, LONG + "x")) == (LONG, LONG + "x")
    assert not list(tmp_path.iterdir())


def test_a_short_key_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingError, match="key 2 of 2"):
        master_keys(given(tmp_path, LONG, "short"))


@pytest.mark.parametrize(
    ("text", "mode", "says"),
    [
        (LONG, 0o644, "chmod 600"),
        ("cut", 0o600, "damaged"),
        ("", 0o600, "damaged"),
        ("\udcff", 0o600, "cannot be read"),
    ],
)
def test_a_key_file_that_cannot_be_trusted_is_refused(
    tmp_path: Path, text: str, mode: int, says: str
) -> None:
    file = tmp_path / KEY_FILE
    file.write_text(text, encoding="utf-8", errors="surrogateescape")
    file.chmod(mode)
    with pytest.raises(SettingError, match=says):
        _key_from_file(file)


def test_each_purpose_has_its_own_key() -> None:
    assert derive(LONG, "django") != derive(LONG, "secrets at rest")
    assert derive(LONG, "django") == derive(LONG, "django")
    assert LONG not in derive(LONG, "django")
