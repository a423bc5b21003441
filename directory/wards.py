"""Which electoral ward a postcode lies in: for counting where need is not met, and for nothing else."""

from __future__ import annotations

from directory.models import PostcodePlace, Ward
from directory.postcodes import normalise, sector_of


def ward_of(postcode: str) -> str:
    """The ONS code of the ward of ``postcode``, as somebody typed it; "" when it is not known.

    A postcode that no loaded file has (a new estate, the demonstration) counts to the ward in which most
    of its sector lies: near enough for a figure, never for a decision about somebody. Reads one query.
    """
    code = normalise(postcode)
    if code is None:
        return ""
    wards = dict(
        PostcodePlace.objects.filter(code__in=[code, sector_of(code)])
        .exclude(ward_code="")
        .values_list("code", "ward_code")
    )
    return wards.get(code) or wards.get(sector_of(code), "")


def ward_names() -> dict[str, str]:
    """The names of all wards by their codes; the code itself where no name is known."""
    return {ward.code: str(ward) for ward in Ward.objects.all()}
