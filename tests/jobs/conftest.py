from __future__ import annotations

from tests.jobs import kinds_for_tests  # noqa: F401  (importing registers the kinds)
