"""Parts of addresses. Importing this registers them: ``<short:short_id>``."""

from __future__ import annotations

from django.urls import register_converter


class ShortId:
    """The ten letters and digits at the end of a record's address."""

    regex = r"[a-z0-9]{10}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(ShortId, "short")
