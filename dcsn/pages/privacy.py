"""What the pages' table holds: words that an editor wrote to be published."""

from __future__ import annotations

from dcsn.privacy import AS_LONG_AS_THE_PORTAL, classified

FIELDS = {
    "pages.InformationPage": classified(
        AS_LONG_AS_THE_PORTAL, safe="id slug title text changed_at"
    ),
}
