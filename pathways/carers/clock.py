"""Telecare is for a time: the carer is told before it ends, by a message or by somebody who rings."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from dcsn.audit import SystemJob
from dcsn.messages import Channel, Recipient, queue_message
from dcsn.network import network
from members.models import ContactBy
from pathways.actions.carers import telecare_told
from pathways.models import CarerAssessment

CLOCK = SystemJob("telecare clock")
# So many days before it ends.
AHEAD = timedelta(days=28)


def tell_of_telecare() -> int:
    """Write to those who chose e-mail, once; the others stand on the desk's list, to be rung."""
    told = 0
    until = timezone.localdate() + AHEAD
    due = CarerAssessment.objects.telecare_ends_by(until).filter(
        carer__contact_by=ContactBy.EMAIL, carer__erased_at=None
    )
    for assessment in due.exclude(carer__email="").select_related("carer", "organisation"):
        told += _tell(assessment)
    return told


@transaction.atomic
def _tell(assessment: CarerAssessment) -> int:
    carer, here = assessment.carer, network()
    if carer is None or assessment.telecare_until is None:
        return 0
    queue_message(
        channel=Channel.EMAIL,
        key=f"telecare:{assessment.pk}",
        to=Recipient(carer.name, carer.email),
        subject=_("Something you try ends soon"),
        body=_(
            "Hello,\n\nwhat you have been trying free of charge ends on %(day)s. If you would like to keep "
            "it, or to ask anything, please ring us.\n\n%(network)s, %(helpline)s"
        )
        % {
            "day": date_format(assessment.telecare_until, "l j F"),
            "network": here.name,
            "helpline": here.helpline,
        },
        by=CLOCK,
        about=carer.pk,
        organisation=assessment.organisation_id,
        size=carer.print_size or 18,
    )
    telecare_told(assessment=assessment, by=CLOCK)
    return 1
