"""Objects to open an address with, by name; ``tests/access/matrix.py`` says how they are used."""

from tests.access.samples import (  # noqa: F401
    directory,
    members,
    pathways,
    plans,
    portal,
    referrals,
    volunteers,
)
from tests.access.samples.registry import SAMPLES, own_organisation

__all__ = ["SAMPLES", "own_organisation"]
