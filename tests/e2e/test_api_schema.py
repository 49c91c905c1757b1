"""The API keeps what its description promises, whatever is sent to it."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

EXAMPLES = 25
LEAST_CASES = 300


def test_the_api_does_what_it_says(world, site, monkeypatch, tmp_path):
    """Schemathesis reads the description, sends what fits and what does not, and finds nothing."""
    from django.utils import timezone

    from longshore.domain.access import Scope
    from longshore.storage.repositories import api_tokens

    monkeypatch.setattr(api_tokens, "A_WINDOW", 10**9)
    scopes = [scope.value for scope in Scope]
    owner = world.marketplace.pk
    _id, key = api_tokens.make_token(owner, None, "Schemathesis", scopes, timezone.now())
    program = shutil.which("schemathesis", path=str(Path(sys.executable).parent))
    assert program
    done = subprocess.run(
        [
            program,
            "run",
            f"{site}/api/v1/openapi.json",
            "--checks=all",
            f"--header=Authorization: Bearer {key}",
            f"--max-examples={EXAMPLES}",
            "--generation-deterministic",
            "--phases=examples,coverage,fuzzing",
            "--no-color",
        ],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        timeout=600,
        check=False,
    )
    told = done.stdout[-6000:] + done.stderr[-2000:]
    assert done.returncode == 0, told
    cases = re.search(r"(\d+) generated", done.stdout)
    assert cases, told
    assert int(cases[1]) > LEAST_CASES
