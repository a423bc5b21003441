"""The address of a link that rings a number, which pages print without escaping."""

from __future__ import annotations

import re

import pytest

from dcsn.forms import phone_address
from dcsn.forms.templatetags.govuk_forms import tel


@pytest.mark.parametrize(
    ("shown", "address"),
    [
        ("01632 960 234", "tel:01632960234"),
        ("+44 1632 960234 ext. 12", "tel:+441632960234;ext=12"),
        ('01632 960 234 ext. "><script>alert(1)</script>', "tel:01632960234;ext=1"),
        ('"><b>01632', "tel:01632"),
    ],
)
def test_only_what_can_be_dialled_comes_out(shown: str, address: str) -> None:
    assert phone_address(shown) == address
    assert re.fullmatch(r"tel:[0-9+]*(;ext=[0-9]+)?", tel(shown))
