"""P7 to P10 and P13: whether queries, writes and notices get through whole."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import cast

from longshore.domain.replies import Reply, firewall, served_from_cache
from longshore.ports.stores import Signing
from longshore.stores.woocommerce import wire
from longshore.stores.woocommerce.doctor.asking import Ends, evidence_of, found
from longshore.stores.woocommerce.doctor.keys import (
    NO_VERB,
    NOBODYS_ID,
    REFUSED,
    KeyExam,
    write_probe,
)

LARGE, MIDDLE, SMALL = 100, 25, 10
SLOW_S = 10.0
_TURNED_AWAY = frozenset({400, 403, 406, 414})
_SUSPICIOUS = (
    '{"description": "<p>select a <b>gift</b> from our list</p>'
    '<iframe src=\\"https://video.example/1\\"></iframe>"}'
)


@dataclass(slots=True)
class Checks:
    """Checks of a key that got in by `way`. `post_only` and `page_size` are what it found."""

    exam: KeyExam
    way: Signing
    post_only: bool = False
    page_size: int = LARGE
    cached: bool = False
    short_queries: bool = False
    nonce: str = field(default_factory=lambda: secrets.token_hex(4))

    def query(self) -> None:
        """P7: sizes obeyed, counts there, nothing from a cache. Raises Ends."""
        reply = self._one_product()
        if reply.status in REFUSED:
            self.exam.notes.append(found("D43", **evidence_of(reply)))
        if len(self._rows(reply)) > 1:
            raise Ends("D41", **evidence_of(reply))
        total = "x-wc-total" if self.exam.dialect.legacy else "x-wp-total"
        if self._rows(reply) and total not in reply.headers:
            self.exam.notes.append(found("D44", **evidence_of(reply)))
        self._note_cache(reply)

    def kept(self) -> None:
        """P7 again: the same question in the same words must not be answered from memory."""
        self._note_cache(self._one_product(guarded=False))

    def _one_product(self, *, guarded: bool = True) -> Reply:
        names = self.exam.dialect.names
        params = {names.limit: "1", names.fields: "id", "_hub": self.nonce}
        return self._get("products", params, guarded=guarded)

    def writing(self) -> None:
        """P8: the right and the way to write. Raises Ends."""
        reply = write_probe(self.exam, self.way)
        if reply.status in REFUSED and reply.is_json:
            code = "D40" if reply.status == 403 or "cannot" in reply.code else "D39"  # noqa: PLR2004 - HTTP
            raise Ends(code, code=reply.code)
        if reply.code.endswith("authentication_error"):
            raise Ends("D39", code=reply.code)
        if not reply.is_json:
            raise Ends(firewall(reply) or "D29", **evidence_of(reply))

    def verbs(self) -> None:
        """P9: whether DELETE and PUT get through; else POST stands in for them."""
        path = f"products/{NOBODYS_ID}"
        reply = self.exam.signed(self.way, "DELETE", path, {"force": "true"}, guarded=False)
        if reply.is_json or reply.status not in NO_VERB:
            return
        params = {"force": "true", "_method": "DELETE"}
        instead = self.exam.signed(self.way, "POST", path, params, guarded=False)
        if not instead.is_json:
            raise Ends(firewall(instead) or "D29", **evidence_of(instead))
        self.post_only = True
        self.exam.notes.append(found("D32", **evidence_of(reply)))

    def payload(self) -> None:
        """P10: whether a body with HTML gets through. Raises Ends."""
        path = f"products/{NOBODYS_ID}"
        reply = self.exam.signed(self.way, "POST", path, {}, _SUSPICIOUS.encode(), guarded=False)
        if not reply.is_json:
            raise Ends(firewall(reply) or "D29", **evidence_of(reply))

    def pages(self) -> None:
        """Whether the shop bears full pages, and how fast: the page size production begins with."""
        fields = self.exam.dialect.product_fields
        reply = self._page(LARGE, fields)
        if fields and not reply.is_json and reply.status in _TURNED_AWAY:
            shorter = self._page(LARGE, "")
            if shorter.is_json:
                self.short_queries = True
                self._note_once("D25", reply)
                reply, fields = shorter, ""
        for size in (LARGE, MIDDLE, SMALL):
            reply = reply if size == LARGE else self._page(size, fields)
            if reply.status == 200 and reply.is_json:  # noqa: PLR2004 - HTTP
                self.page_size = size
                self._note_cache(reply)
                if reply.elapsed_s > SLOW_S:
                    seconds = f"{reply.elapsed_s:.0f}"
                    self.exam.notes.append(
                        found("D48", **{**evidence_of(reply), "seconds": seconds})
                    )
                return
            self._note_once("D47", reply)

    def _page(self, size: int, fields: str) -> Reply:
        names = self.exam.dialect.names
        params = {names.limit: str(size), "_hub": secrets.token_hex(4)}
        params |= {names.fields: fields} if fields else {}
        return self._get("products", params, guarded=False)

    def hook(self, url: str) -> bool:
        """P13: makes a webhook that points at us and removes it. Whoever gave `url` sees whether
        its ping arrived while it was made. Returns whether the shop took it.
        """
        dialect = self.exam.dialect
        given: dict[str, object] = {
            "name": "Longshore test",
            "topic": "order.updated",
            "delivery_url": url,
            "secret": secrets.token_hex(16),
        }
        body = wire.encode({dialect.envelopes.webhook: given} if dialect.legacy else given)
        made = self.exam.signed(self.way, "POST", "webhooks", {}, body, guarded=False)
        row = wire.mapping(made.data)
        row = wire.mapping(row.get(dialect.envelopes.webhook)) if dialect.legacy else row
        number = wire.integer(row.get("id"))
        if not number:
            return False
        method, params = ("POST", {"_method": "DELETE"}) if self.post_only else ("DELETE", {})
        self.exam.signed(
            self.way, method, f"webhooks/{number}", {**params, "force": "true"}, guarded=False
        )
        return True

    def _get(self, path: str, params: dict[str, str], *, guarded: bool = True) -> Reply:
        return self.exam.signed(self.way, "GET", path, params, guarded=guarded)

    def _rows(self, reply: Reply) -> Sequence[object]:
        envelope = self.exam.dialect.envelopes.products
        data = wire.mapping(reply.data).get(envelope) if envelope else reply.data
        return cast("list[object]", data) if isinstance(data, list) else []

    def _note_cache(self, reply: Reply) -> None:
        if served_from_cache(reply):
            self.cached = True
            self._note_once("D45", reply)

    def _note_once(self, code: str, reply: Reply) -> None:
        if code not in {one.code for one in self.exam.notes}:
            self.exam.notes.append(found(code, **evidence_of(reply)))
