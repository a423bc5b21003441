"""Objects to open an address with, by name; ``tests/access/matrix.py`` says how they are used."""

from tests.access.samples import directory, members, portal, referrals, volunteers  # noqa: F401
from tests.access.samples.registry import SAMPLES, own_organisation

__all__ = ["SAMPLES", "own_organisation"]
