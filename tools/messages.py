"""Collects all texts shown to people into a language's catalog: `python -m tools.messages de`, or
`make messages ARGS=de`. The second run keeps what is translated and compiles it. Needs GNU gettext.
"""

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1] / "src" / "longshore"
GATHERED = ROOT / "texts_of_the_domain.py"
"""There while texts are collected: the domain does not know gettext, so its words are listed."""


def main() -> None:
    if len(sys.argv) != 2:  # noqa: PLR2004 - the program's own name and one language
        sys.exit("Name one language, such as de or pt_BR: make messages ARGS=de")
    if shutil.which("xgettext") is None:
        sys.exit("GNU gettext is needed (Debian: apt-get install gettext).")
    os.environ["DJANGO_SETTINGS_MODULE"] = "longshore.django_settings"
    os.environ["LONGSHORE_DATA"] = tempfile.mkdtemp(prefix="longshore-messages-")
    import django
    from django.core.management import call_command

    django.setup()
    os.chdir(ROOT)
    Path("locale").mkdir(exist_ok=True)
    GATHERED.write_text(listed(), encoding="utf-8")
    try:
        call_command("makemessages", locale=[sys.argv[1]], no_wrap=True, no_obsolete=True)
    finally:
        GATHERED.unlink()
    call_command("compilemessages", locale=[sys.argv[1]])


def listed() -> str:
    """A module that says each text of the domain to gettext."""
    known = set(domain_texts())
    lines = [f"gettext({text!r})" for text in sorted(known)]
    lines += [f"pgettext('said', {text!r})" for text in sorted(core_sentences() - known)]
    return "\n".join(("from django.utils.translation import gettext, pgettext", *lines, ""))


def core_sentences() -> set[str]:
    """What the rooms without gettext say, which `web/shared/said.py` knows again by its shape."""
    from tools.core_texts import every

    return {one.text for found, _unread in every(ROOT) for one in found}


def domain_texts() -> Iterator[str]:
    """What findings and verdicts say; the pages translate it when they show it."""
    from longshore.domain.findings import KINDS
    from longshore.domain.limits import LIMITS
    from longshore.domain.verdicts import VERDICTS

    for kind in KINDS.values():
        yield from (kind.title, kind.advice)
    yield from LIMITS.values()
    for verdict in VERDICTS.values():
        yield from filter(None, (verdict.seen, verdict.means, verdict.do, verdict.host))


if __name__ == "__main__":
    main()
