"""Plays the recorded requests below /wp-json/ on a simulated shop of an older release."""

import json
import re
from pathlib import Path
from typing import Any

from contract.woocommerce_old_api.player import NOWHERE, Player, enc
from simulators.woocommerce.exchange import Exchange, Reply

DATA = Path(__file__).parent / "data"
NAMED = ("id", "parent_id", "product_id", "variation_id", "number", "variations")
SIGNING = "oauth_"


def script(api: str) -> list[dict[str, Any]]:
    return json.loads((DATA / f"script_{api.replace('/', '-')}.json").read_text("utf-8"))


def recorded(version: str, api: str) -> dict[str, dict[str, Any]]:
    """Answers of a real shop by the row's name: status, headers, and of the body all, `some` of its
    fields, or how many rows (`count`).
    """
    name = f"wc{version}_{api.replace('/', '-')}.json"
    return json.loads((DATA / name).read_text("utf-8"))


class RestPlayer(Player):
    def _exchange(self, row: dict[str, Any], twists: Any) -> Exchange:
        made = super()._exchange(row, twists)
        headers = {**made.headers, "content-type": "application/json"}
        if "override" in row:
            headers["x-http-method-override"] = row["override"]
        uri = made.uri
        if "in header" in twists:
            path, _, query = uri.partition("?")
            parts = query.split("&")
            oauth = [one for one in parts if one.startswith(SIGNING)]
            pairs = (one.partition("=") for one in oauth)
            headers["authorization"] = "OAuth " + ", ".join(f'{n}="{v}"' for n, _, v in pairs)
            uri = path + "?" + "&".join(one for one in parts if one not in oauth)
        return Exchange(made.method, uri, headers, made.body, made.secure)

    def _content(self, body: Any) -> bytes:
        if isinstance(body, dict):
            many = [{"id": "{product_create_simple_managed}"}] * 101
            body = {name: many if one == "101 times" else one for name, one in body.items()}
        return super()._content(body)

    def _learn(self, row: dict[str, Any], reply: Reply, body: Any) -> None:
        made = row["method"] == "POST" and reply.status == 201 and isinstance(body, dict)
        if not made or "/notes" in row["path"]:
            return
        name = re.sub(r"\W+", "_", row["name"])
        inside = body.get("variations") or []
        parts = [
            ("", body),
            *((f"_v{n}", one) for n, one in enumerate(inside) if one != int(bool(one))),
        ]
        for end, one in parts:
            if isinstance(one, dict) and one["id"] not in self.names:
                self._ids[name + end] = one["id"]
                if "topic" not in body:
                    self.names[one["id"]] = name + end
        for number, one in enumerate(body.get("line_items", ())):
            self._ids[f"{name}_l{number}"] = one["id"]

    def plain(self, value: Any, key: str = "") -> Any:
        if isinstance(value, int) and not isinstance(value, bool):
            if key in NAMED:
                return self._numbered(value, key)
            return "OTHER" if key == "resource_id" else value
        return super().plain(value, key)

    def _list(self, value: list[Any], key: str) -> Any:
        if key == "related_ids":
            return "SOME"
        if key in {"image", "images"}:
            return super()._list(value, key)
        return [self.plain(one, key) for one in value]

    def _numbered(self, value: int, key: str) -> Any:
        if value in self.names:
            return f"{{{self.names[value]}}}"
        return "OTHER" if key in {"id", "number"} and 0 < value < NOWHERE else value

    def _text(self, text: str, key: str) -> str:
        if key in {"customer_user_agent", "customer_ip_address"} and text:
            return "SOMEBODY"
        text = re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", "DATE", text)
        return super()._text(text, key)

    def _by_name(self, match: re.Match[str]) -> str:
        number = int(match[0])
        if number in self.names:
            return f"{{{self.names[number]}}}"
        return "OTHER" if number < NOWHERE else match[0]


__all__ = ["RestPlayer", "enc", "recorded", "script"]
