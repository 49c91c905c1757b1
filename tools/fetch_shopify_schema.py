"""Gets Shopify's own Admin schema from the npm package that carries it, and checks it by hash.

    python tools/fetch_shopify_schema.py [FOLDER]     # prints the file's path

The package is Shopify's (ISC licence); nothing of it is kept in this repository but the names and
types that tools/cut_shopify_schema.py leaves.
"""

import hashlib
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

PACKAGE = "@shopify/dev-mcp@1.16.0"
MEMBER = "package/dist/data/admin_2026-10.json.gz"
SHA256 = "f3b522f264556925eada700e795e4a002a9cba83444ebcc6c0d724254a0c6593"
FOLDER = Path(__file__).parents[1] / "build"


def fetch(folder: Path = FOLDER) -> Path:
    """The verified file, from `folder` if it is there. Raises SystemExit with the cure."""
    target = folder / "admin_2026-10.json.gz"
    if target.is_file() and _digest(target) == SHA256:
        return target
    npm = shutil.which("npm")
    if npm is None:
        raise SystemExit("npm is needed to get Shopify's schema; install Node.js.")
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as work:
        command = [npm, "pack", PACKAGE, "--silent", "--pack-destination", work]
        done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
        archives = list(Path(work).glob("*.tgz"))
        if done.returncode or not archives:
            raise SystemExit(f"npm could not get {PACKAGE}: {done.stderr.strip()[:500]}")
        with tarfile.open(archives[0]) as archive:
            member = archive.extractfile(MEMBER)
            if member is None:
                raise SystemExit(f"{PACKAGE} holds no {MEMBER}.")
            content = member.read()
    if hashlib.sha256(content).hexdigest() != SHA256:
        raise SystemExit(f"{MEMBER} is not the file it was; its hash differs.")
    target.write_bytes(content)
    return target


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


if __name__ == "__main__":
    sys.stdout.write(f"{fetch(*map(Path, sys.argv[1:2]))}\n")
