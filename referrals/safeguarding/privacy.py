"""What the tables of safeguarding concerns hold: in no copy, and not ended by a request to be forgotten."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from dcsn.privacy import Basis, Kept, PersonLink, classified, last_contact, register, retention
from dcsn.privacy.registry import export_rows, move_rows, move_rows_back
from members.models import Person
from referrals.models import Concern, ConcernChange

_CONCERN_KEPT = Kept(
    _(
        "until eight years after it was settled, also when the person asks to be forgotten: to protect "
        "them or others (Data Protection Act 2018, Schedule 1, paragraph 18); then emptied, and counted only"
    ),
    setting="KEEP_CASE_DAYS",
)

FIELDS = {
    "referrals.Concern": classified(
        _CONCERN_KEPT,
        personal="person raised_by enquiry referral",
        special="at_risk who what danger knows wishes",
        safe="id key reference organisation raised_at state look_by escalated_at settled_at "
        "version anonymised_at",
        basis=Basis.SAFEGUARDING,
    ),
    "referrals.ConcernChange": classified(
        _CONCERN_KEPT,
        personal="by",
        special="decision",
        safe="id concern number from_state to_state at",
        basis=Basis.SAFEGUARDING,
    ),
}


def _detach_concerns(person: UUID) -> int:
    """Keep what is needed to find the person before their record is emptied, and let go of the record.

    Whoever harms somebody could otherwise have the matter forgotten in their name. Nothing of this is
    counted or said: the report of the erasing is read out to whoever asked for it.
    """
    concerns = Concern.objects.filter(person=person)
    row = Person.objects.filter(pk=person, erased_at=None).first()
    if row is not None:
        said = [row.name, *row.address_lines, row.phone, row.email]
        if row.date_of_birth is not None:
            said.insert(1, _now("born %(day)s") % {"day": date_format(row.date_of_birth, "j F Y")})
        kept = "\n".join(str(one) for one in said if one)
        for concern in concerns.exclude(anonymised_at__isnull=False):
            concern.who = "\n\n".join(part for part in (concern.who, kept) if part)
            concern.save(update_fields=["who"])
    concerns.exclude(who="", anonymised_at=None).update(person=None)
    return 0


def empty_concerns(rows: Any) -> int:
    """Forget whom settled concerns were about and what was written; that they were raised still counts."""
    found = list(
        rows.filter(anonymised_at=None, settled_at__isnull=False).values_list("pk", flat=True)
    )
    if not found:
        return 0
    ConcernChange.objects.filter(concern_id__in=found).forget_words()
    return Concern.objects.filter(pk__in=found).update(
        person=None,
        enquiry=None,
        referral=None,
        raised_by=None,
        who="",
        what="",
        wishes="",
        anonymised_at=timezone.now(),
    )


register(
    Concern,
    PersonLink(
        heading=_("Safeguarding"),
        export=export_rows(
            Concern, "person_id", ["reference", "raised_at", "who", "what", "wishes", "state"]
        ),
        includes=(ConcernChange,),
        erase=_detach_concerns,
        left_out_of_copy=True,
        merge=move_rows(Concern, "person_id"),
        unmerge=move_rows_back(Concern, "person_id"),
        order=-10,
    ),
)

retention.register(
    retention.RetentionClass(
        name="referrals.concerns",
        what=_("Safeguarding concerns that were settled"),
        becomes=_(
            "whom it was about and what was written is deleted; that there was one still counts"
        ),
        setting="KEEP_CASE_DAYS",
        due=lambda before: Concern.objects.filter(anonymised_at=None, settled_at__lt=before),
        apply=lambda keys: empty_concerns(Concern.objects.filter(pk__in=keys)),
    )
)
last_contact.register(
    last_contact.Contact(
        "concerns",
        # One that is not settled keeps the record, so that the leads can find whom it is about.
        rows=lambda since: Concern.objects.filter(
            Q(raised_at__gte=since) | Q(settled_at__gte=since) | Q(settled_at=None)
        ),
        is_case=True,
    )
)
