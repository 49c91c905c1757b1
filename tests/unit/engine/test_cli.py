"""How the command `longshore` answers to wrong use; each in a process of its own."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from longshore import __version__
from longshore.cli import main


def longshore(folder: Path, *words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    env = {name: value for name, value in os.environ.items() if not name.startswith("LONGSHORE_")}
    env |= {"LONGSHORE_DATA": str(folder), **variables}
    command = [sys.executable, "-m", "longshore.cli", *words]
    return subprocess.run(
        command, env=env, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL
    )


def test_it_says_its_version(tmp_path: Path) -> None:
    done = longshore(tmp_path, "--version")
    assert (done.returncode, done.stdout) == (0, f"longshore {__version__}\n")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("words", [["up"], ["worker"], []])
def test_help_starts_nothing(tmp_path: Path, words: list[str]) -> None:
    done = longshore(tmp_path, *words, "--help", LONGSHORE_WORKER_CONCURRENCY="wrong")
    assert done.returncode == 0
    assert "Usage: longshore" in done.stdout
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("command", "name", "value"),
    [
        ("up", "LONGSHORE_WORKER_CONCURRENCY", "many"),
        ("web", "LONGSHORE_DATABASE_URL", "mysql://hub:fake@db.example/hub"),
        ("worker", "LONGSHORE_SECRET_KEY", "short"),
    ],
)
def test_a_wrong_setting_is_one_line(tmp_path: Path, command: str, name: str, value: str) -> None:
    done = longshore(tmp_path, command, **{name: value})
    assert done.returncode == main.WRONG_USE
    assert done.stderr.count("\n") == 1
    assert name in done.stderr
    assert "fake" not in done.stderr


@pytest.mark.parametrize("words", [["bogus"], ["up", "--port", "x"], ["connect", "woocommerce"]])
def test_wrong_use_is_one_line(tmp_path: Path, words: list[str]) -> None:
    done = longshore(tmp_path, *words)
    assert done.returncode == main.WRONG_USE
    assert done.stderr.count("\n") == 1
    assert not list(tmp_path.iterdir())


def test_a_database_that_is_away_is_said_at_once(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    url = f"postgresql://hub:fake-password@127.0.0.1:{port}/hub"
    done = longshore(tmp_path, "migrate", LONGSHORE_DATABASE_URL=url)
    assert done.returncode == main.FAILURE
    assert done.stderr.startswith("The database does not answer")
    assert "refused" in done.stderr
    assert done.stderr.count("\n") == 1
    assert "fake-password" not in done.stderr


@pytest.mark.parametrize("command", [["doctor"], ["connect", "woocommerce", "--vendor", "Kiln"]])
def test_a_secret_that_is_not_given_is_asked_for_by_name(
    tmp_path: Path, command: list[str]
) -> None:
    done = longshore(tmp_path, *command, "https://shop.example", "--key", "ck_fake")
    assert done.returncode == main.WRONG_USE
    assert "LONGSHORE_SECRET" in done.stderr
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("part", ["web", "worker"])
def test_a_part_does_not_start_before_the_tables(tmp_path: Path, part: str) -> None:
    done = longshore(tmp_path, part)
    assert done.returncode == main.FAILURE
    assert "longshore migrate" in done.stderr
    assert "Traceback" not in done.stderr


def test_secrets_are_sealed_anew(tmp_path: Path) -> None:
    old, new = "an-old-key-that-is-a-fake-" + "0" * 10, "a-new-key-that-is-a-fake-" + "1" * 10
    assert longshore(tmp_path, "migrate", LONGSHORE_SECRET_KEY=old).returncode == 0
    done = longshore(tmp_path, "reseal", LONGSHORE_SECRET_KEY=f"{new},{old}")
    assert (done.returncode, done.stdout) == (
        0,
        "0 rows hold secrets, all sealed with the newest key now.\n",
    )
