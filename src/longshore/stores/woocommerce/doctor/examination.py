"""The examination: the probes in their order, each step told as it ends, one verdict at the end.

It is read-only or refused by design, gentle (one request at a time), and over at the first
firewall. The secret is sent only after the shop was seen to be one and to know the key.
"""

import time
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

from longshore.domain.findings import Finding
from longshore.domain.replies import Reply
from longshore.ports.doctor import CONNECTED, READY, Diagnosis, Order, Step, Tell
from longshore.ports.stores import AddressForm, ConnectionProfile, Signing
from longshore.stores.http import GuardedClient
from longshore.stores.woocommerce import approval, wire
from longshore.stores.woocommerce.addresses import Addresses
from longshore.stores.woocommerce.dialects import Dialect
from longshore.stores.woocommerce.doctor.asking import PAUSE_S, Asker, Ends, found
from longshore.stores.woocommerce.doctor.capabilities import (
    Capabilities,
    capabilities_of,
    dialect_of,
)
from longshore.stores.woocommerce.doctor.checks import Checks
from longshore.stores.woocommerce.doctor.facts import Facts
from longshore.stores.woocommerce.doctor.keys import KeyExam, whole_keys
from longshore.stores.woocommerce.doctor.whereabouts import Finder, Whereabouts, clean_address


class Doctor:
    """Implements `ports.doctor.Examiner`."""

    def __init__(
        self,
        http: GuardedClient,
        *,
        pause_s: float = PAUSE_S,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._http = http
        self._pause_s = pause_s
        self._sleep = sleep

    def examine(self, order: Order, tell: Tell) -> Diagnosis:
        asker = Asker(self._http, pause_s=self._pause_s, sleep=self._sleep)
        return _Examination(order, tell, asker).run()


@dataclass(slots=True)
class _Examination:
    order: Order
    tell: Tell
    asker: Asker
    began: float = field(default_factory=time.monotonic)
    notes: list[Finding] = field(default_factory=list[Finding])
    profile: ConnectionProfile | None = None
    namespaces: tuple[str, ...] = ()
    approval_url: str = ""
    pair: tuple[str, str] = field(default=("", ""), repr=False)

    def run(self) -> Diagnosis:
        try:
            return self._examine()
        except Ends as end:
            return self._end(end.finding.code, [end.finding])

    def _examine(self) -> Diagnosis:
        if self.order.key or self.order.secret:
            with self._step("keys as typed"):
                self.pair = whole_keys(self.order.key, self.order.secret)
        key, secret = self.pair
        where = self._where()
        dialect = dialect_of(
            where.namespaces, where.legacy, wire.text(where.store.get("wc_version"))
        )
        capabilities = self._capabilities(where, dialect)
        self.approval_url = approval.page_of(where.addresses, dialect)
        if not key:
            return self._end(READY, [])
        exam = KeyExam(self.asker, where.addresses, dialect, key, secret, self.order.may_use_query)
        way = self._sign_in(exam, where)
        checks = Checks(exam, way)
        problem = self._rights(exam, checks)
        self._facts(where, checks, capabilities, can_write=problem is None)
        if problem is not None:
            return self._end(problem.code, [problem])
        return self._end(CONNECTED, [])

    def _where(self) -> Whereabouts:
        with self._step("address"):
            site = clean_address(self.order.address)
            said = "://" in self.order.address
            home_finder = Finder(self.asker)
            home = home_finder.reach(site, said_scheme=said and site.startswith("http:"))
        with self._step("REST API"):
            where = home_finder.locate(home)
            self.notes += where.notes
            self.namespaces = where.namespaces
        return where

    def _capabilities(self, where: Whereabouts, dialect: Dialect) -> Capabilities:
        """The index of the namespace, readable without a key."""
        if dialect.legacy or where.closed:
            return Capabilities()
        with self._step("versions"):
            reply = self._index(where.addresses, dialect)
            if not reply.is_json and where.addresses.form is AddressForm.QUERY:
                where.addresses = replace(where.addresses, form=AddressForm.BARE)
                reply = self._index(where.addresses, dialect)
            return capabilities_of(dialect, wire.mapping(reply.data))

    def _index(self, addresses: Addresses, dialect: Dialect) -> Reply:
        target = addresses.route(dialect.root, {})
        query = "&".join(f"{name}={value}" for name, value in target.params.items())
        return self.asker.ask("GET", f"{target.url}?{query}" if query else target.url)

    def _sign_in(self, exam: KeyExam, where: Whereabouts) -> Signing:
        with self._step("key", exam):
            exam.is_open()
            known = exam.is_known()
        with self._step("sign-in", exam):
            try:
                way = exam.climb(known=known)
            except Ends as end:
                if where.closed and end.finding.code in {"D34", "D35x", "D41", "D00"}:
                    raise Ends(
                        "D13", code=where.closed, plugin="the plugin that closes it"
                    ) from None
                raise
        home = urlsplit(where.addresses.home).netloc
        if home != urlsplit(where.addresses.base).netloc:
            self.notes.append(found("D42", home=where.addresses.home, base=where.addresses.base))
        return way

    def _rights(self, exam: KeyExam, checks: Checks) -> Finding | None:
        """The checks after signing in. What keeps only writes from working is returned: the facts
        are still worth reading.
        """
        with self._step("pages and counts", exam):
            checks.query()
        try:
            with self._step("rights", exam):
                checks.writing()
                checks.verbs()
                if self.order.payload:
                    checks.payload()
        except Ends as end:
            if end.finding.code in {"D39", "D40"}:
                return end.finding
            raise
        if self.order.hook_url:
            with self._step("notices", exam):
                if not checks.hook(self.order.hook_url):
                    self.notes.append(found("D59", host=exam.addresses.host))
        return None

    def _facts(
        self, where: Whereabouts, checks: Checks, capabilities: Capabilities, *, can_write: bool
    ) -> None:
        exam = checks.exam
        with self._step("facts", exam):
            checks.pages()
            checks.kept()
            facts = Facts(where, checks, capabilities)
            self.profile = facts.profile(can_write=can_write)
            self.notes += facts.notes

    @contextmanager
    def _step(self, name: str, exam: KeyExam | None = None) -> Generator[None]:
        """Tells the step as it ends: with what stopped it, or with its newest note."""
        before = len(self.notes)
        try:
            yield
        except Ends as end:
            self.tell(Step(name, end.finding, time.monotonic() - self.began))
            raise
        finally:
            if exam is not None:
                self.notes += exam.notes
                exam.notes.clear()
        fresh = self.notes[before:]
        self.tell(Step(name, fresh[-1] if fresh else None, time.monotonic() - self.began))

    def _end(self, verdict: str, decisive: Sequence[Finding]) -> Diagnosis:
        notes = list(self.notes)
        if self.asker.junk:
            notes.append(found("D46", junk=self.asker.junk))
        if self.asker.asked_to_slow_down:
            notes.append(found("D49"))
        codes = {one.code for one in decisive}
        notes = [one for one in {one.code: one for one in notes}.values() if one.code not in codes]
        return Diagnosis(
            verdict,
            (*decisive, *notes),
            self.profile,
            self.asker.requests,
            time.monotonic() - self.began,
            self.namespaces,
            self.approval_url,
            *self.pair,
        )
