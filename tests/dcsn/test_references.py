"""References read out by telephone: one first letter for one kind of thing."""

from __future__ import annotations

import pytest
from django.core.exceptions import ImproperlyConfigured

from dcsn.references import SPOKEN, new_reference, normal_reference, prefix


def test_no_two_things_share_a_first_letter() -> None:
    with pytest.raises(ImproperlyConfigured, match="begin with R"):
        prefix("R", "refunds")


def test_the_same_module_may_be_read_twice() -> None:
    assert prefix("R", "referrals") == "R"


def test_a_reference_is_found_however_it_is_typed() -> None:
    reference = new_reference("R")
    assert normal_reference(reference.lower().replace("-", " ")) == reference
    assert set(reference.replace("-", "")) <= set(SPOKEN)
