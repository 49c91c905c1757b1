"""`<id:...>` in addresses: a number that fits PostgreSQL's bigint; a longer one is no address of
ours.
"""

from django.urls import register_converter


class RowId:
    regex = "[0-9]{1,18}"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int) -> str:
        return str(value)


register_converter(RowId, "id")
