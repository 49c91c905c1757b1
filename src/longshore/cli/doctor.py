"""`longshore doctor`: examines a shop's connection without a database and says what to do."""

import json as jsonlib
from collections.abc import Mapping
from dataclasses import asdict
from typing import Annotated, Any

import typer

from longshore.cli.database import set_up
from longshore.cli.output import complain, err, say
from longshore.cli.secret import ask_secret
from longshore.domain.findings import Finding
from longshore.domain.limits import limit_words
from longshore.domain.problem import filled as fill
from longshore.domain.verdicts import VERDICTS
from longshore.ports.doctor import READY, Diagnosis, Order, Step

SECRET = "LONGSHORE_SECRET"  # noqa: S105 - the variable's name
NEEDS_SOMEBODY = 1


Address = Annotated[str, typer.Argument(help="The shop's address.")]
Key = Annotated[str, typer.Option(help="The consumer key, ck_...")]
Secret = Annotated[
    str,
    typer.Option(
        help="The consumer secret. Unsafe: it stays in the shell's history; leave it out and it is"
        " asked for, or set LONGSHORE_SECRET."
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]
Payload = Annotated[
    bool, typer.Option("--payload", help="Also try whether HTML in a body gets through.")
]
Webhook = Annotated[
    str, typer.Option(help="Also make and remove a webhook to this address of ours.")
]
AllowQuery = Annotated[
    bool,
    typer.Option(
        "--allow-query", help="As a last resort send the key in addresses, where logs keep it."
    ),
]


def register(app: typer.Typer) -> None:
    app.command("doctor")(doctor)


def doctor(
    url: Address,
    key: Key = "",
    secret: Secret = "",
    *,
    json: AsJson = False,
    payload: Payload = False,
    webhook: Webhook = "",
    allow_query: AllowQuery = False,
) -> None:
    """Find out whether a WooCommerce shop can be connected, and what keeps it from it."""
    if key and not secret:
        secret = ask_secret(SECRET, "Consumer secret")
    order = Order(url, key, secret, allow_query, payload, webhook)
    set_up()
    from longshore import wiring

    diagnosis = wiring.diagnose(order, _silent if json else told)
    if json:
        say(jsonlib.dumps(as_json(diagnosis), indent=2, ensure_ascii=False))
    else:
        _show(diagnosis)
    if not diagnosis.connected and diagnosis.verdict != READY:
        raise typer.Exit(NEEDS_SOMEBODY)


def as_json(diagnosis: Diagnosis) -> dict[str, Any]:
    """The documented form: verdict, findings with their words, profile, requests, seconds."""
    return {
        "verdict": diagnosis.verdict,
        "connected": diagnosis.connected,
        "findings": [finding_as_json(one) for one in diagnosis.findings],
        "profile": asdict(diagnosis.profile) if diagnosis.profile else None,
        "requests": diagnosis.requests,
        "seconds": round(diagnosis.seconds, 2),
    }


def finding_as_json(finding: Finding) -> dict[str, Any]:
    verdict = VERDICTS[finding.code]
    return {
        "code": finding.code,
        "severity": verdict.severity.value,
        "who": verdict.who.value,
        "seen": filled(verdict.seen, finding.evidence),
        "means": filled(verdict.means, finding.evidence),
        "do": filled(verdict.do, finding.evidence),
        "host_message": filled(verdict.host, finding.evidence),
        "evidence": dict(finding.evidence),
    }


def filled(text: str, evidence: Mapping[str, object]) -> str:
    """A text with its placeholders filled, translated where the terminal's language is known."""
    from django.utils.translation import gettext

    return fill(gettext(text), evidence) if text else ""


def _silent(_step: Step) -> None:
    return


def told(step: Step) -> None:
    """A line for each step of the examination, as it ends."""
    mark, style = ("ok", "green") if step.finding is None else (step.finding.code, "yellow")
    if step.finding is not None and VERDICTS[step.finding.code].stops:
        style = "bold red"
    err.print(f"[{style}]{mark:>5}[/] {step.name:20} {step.seconds:5.1f} s")


def _show(diagnosis: Diagnosis) -> None:
    say("")
    for number, finding in enumerate(diagnosis.findings):
        _show_finding(finding, decisive=number == 0 and not diagnosis.connected)
    if diagnosis.connected:
        say("[bold green]Connected.[/]")
    elif diagnosis.verdict == READY:
        say("[bold green]The shop can be reached.[/] Give --key to examine its key too.")
    _show_profile(diagnosis)
    say(f"{diagnosis.requests} requests, {diagnosis.seconds:.1f} s")


def _show_finding(finding: Finding, *, decisive: bool) -> None:
    words = finding_as_json(finding)
    if decisive:
        complain(f"{words['code']}  {words['seen']}")
    else:
        err.print(f"{words['code']}  {words['seen']}", markup=False)
    err.print(f"      {words['means']}", markup=False)
    err.print(f"      -> {words['do']}", style="bold", markup=False)
    if words["host_message"]:
        err.print(f"      For the host: {words['host_message']}", style="dim", markup=False)


def _show_profile(diagnosis: Diagnosis) -> None:
    profile = diagnosis.profile
    if profile is None:
        return
    changes = profile.changes_by or "full sweeps"
    facts = (
        ("shop", f"{profile.name}, {profile.base_url}"),
        ("versions", f"WooCommerce {profile.platform_version}, API {profile.dialect}"),
        ("sign-in", profile.signing.value),
        ("rights", "read and write" if profile.can_write else "read only"),
        ("money", f"{profile.currency}, tax {'in' if profile.prices_include_tax else 'ex'}cluded"),
        ("changes", f"found by {changes}"),
        *(("limit", filled(limit_words(code), {})) for code in profile.limits),
    )
    for name, value in facts:
        say(f"  {name:10} {value}")
