"""What the printing tests share: a help line, templates of their own, a few entries."""

from __future__ import annotations

import copy
from pathlib import Path

import pytest

ENTRIES = [
    {
        "name": "Tŷ Gŵyr Drop-in",
        "phone": "01632 960 123",
        "where": "St Mary’s Hall, Mill Lane, Riverside, DL3 7XX",
        "text": "A hot two-course meal from 12 noon to 2 pm every Tuesday. New people are met at the "
        "door by a volunteer; see www.example.org for more, or ring 0808 157 0123.",
    },
    {
        "name": "Łódź i Gęślą: polska grupa",
        "phone": "020 7946 0321",
        "where": "Ștefan Hall, 12 Țara Road, DL1 5QU",
        "text": "We welcome anyone who would like company on the first Monday, 7 December, at 10.30 am; "
        "it costs £6.50 a visit and nobody is turned away because they cannot pay.",
    },
] * 4


@pytest.fixture(autouse=True)
def paper_settings(settings):
    """A network with a help line, so that footers have something to say."""
    settings.HELPLINE_NUMBER = "01632 960 100"
    settings.HELPLINE_HOURS = "Monday to Friday, 9 am to 5 pm"
    settings.NETWORK_SHORT_ADDRESS = "network.example"
    settings.DEMONSTRATION = False
    templates = copy.deepcopy(settings.TEMPLATES)
    templates[0]["DIRS"].append(Path(__file__).parent / "templates")
    settings.TEMPLATES = templates


@pytest.fixture
def entries() -> list[dict[str, str]]:
    return ENTRIES
