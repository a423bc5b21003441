"""The FHIR bundle beside a copy of everything (``members.copy_files``)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from members.copy_files import CopyFile, register_file
from pathways.fhir.bundle import MEDIA_TYPE, bundle_for_person
from pathways.models import Plan
from referrals.mine import own_referrals

if TYPE_CHECKING:
    from members.models import Person


def bundle_of(person: Person) -> str | None:
    """None for somebody without a plan and without a request: it would say no more than their name."""
    planned = Plan.objects.filter(pathway__person=person).exists()
    if not planned and not own_referrals(person).exists():
        return None
    return bundle_for_person(person).text


def register() -> None:
    register_file(
        CopyFile(
            key="fhir",
            heading=_("File for other health and care systems (HL7 FHIR)"),
            words=_(
                "It holds again, for a computer, their name and details, what they agreed to, their requests "
                "for support, and their plans with goals and actions. If you leave anything out of those "
                "parts, this file is not given."
            ),
            media_type=MEDIA_TYPE,
            extension="fhir.json",
            make=bundle_of,
            made_from=(
                "members.Person", "members.Consent", "referrals.Referral", "pathways.Pathway",
            ),
        )
    )  # fmt: skip
