"""Raising a concern: whom it is about, from which record, and who may."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from dcsn.access import Permission, can
from dcsn.accounts.models import User
from dcsn.audit import record
from directory.models import Organisation
from members.access import person_or_404
from members.models import Category, Person
from referrals.access import enquiry_or_404, parties_of, referral_or_404
from referrals.events import CONCERN_RAISED
from referrals.models import Checklist, Concern, ConcernChange, Enquiry, Referral
from referrals.replies.details import shown
from referrals.safeguarding.telling import tell_leads
from referrals.states import Party


@dataclass(frozen=True)
class Source:
    """The record that somebody has in front of them when they raise a concern."""

    kind: str
    id: UUID
    organisation: Organisation
    person: Person | None = None
    enquiry: Enquiry | None = None
    referral: Referral | None = None
    # What the page may call them: a receiver learns no name by raising a concern.
    name: str = ""
    # Where "back" goes: the page that they came from.
    address: str = ""


def source_or_404(user: User, kind: str, identifier: UUID) -> Source:
    """What ``user`` has in front of them, looked up as they may see it; 404 for anything else."""
    if kind == "enquiry":
        enquiry = enquiry_or_404(user, identifier)
        return Source(
            kind,
            enquiry.id,
            enquiry.organisation,
            person=enquiry.person,
            enquiry=enquiry,
            name=_name_of(enquiry.person),
            address=enquiry.get_absolute_url(),
        )
    if kind == "referral":
        referral = referral_or_404(user, identifier)
        return Source(
            kind,
            referral.id,
            referral.requester,
            person=referral.person,
            enquiry=referral.enquiry,
            referral=referral,
            name=_name_in(referral, user),
            address=_page_of(referral, user),
        )
    if kind == "person":
        if not can(user, Permission.PERSON_VIEW):
            raise Http404
        person = person_or_404(user, Permission.PERSON_VIEW, identifier)
        return Source(
            kind,
            person.id,
            person.organisation,
            person=person,
            name=person.name,
            address=person.get_absolute_url(),
        )
    if kind == "checklist":
        checklist = (
            Checklist.objects.visible_to(user)
            .select_related("enquiry__organisation", "enquiry__person")
            .filter(pk=identifier)
            .first()
        )
        if checklist is not None:
            row = checklist.enquiry
            return Source(
                kind,
                checklist.id,
                row.organisation,
                person=row.person,
                enquiry=row,
                name=_name_of(row.person),
                address=checklist.get_absolute_url(),
            )
    raise Http404


def _name_of(person: Person | None) -> str:
    return person.name if person is not None else ""


def _page_of(referral: Referral, user: User) -> str:
    """The sender's page of it, or the receiver's."""
    if Party.REQUESTER in parties_of(user, referral):
        return referral.get_absolute_url()
    return reverse("referrals:received_one", args=[referral.id])


def _name_in(referral: Referral, user: User) -> str:
    """The sender knows it; the receiver while it may be shown to them anyhow."""
    if Party.REQUESTER in parties_of(user, referral) or Category.NAME in shown(referral).categories:
        return _name_of(referral.person)
    return ""


@dataclass(frozen=True)
class Worry:
    """What was written into the form."""

    at_risk: str
    what: str
    knows: str
    danger: bool = False
    who: str = ""
    wishes: str = ""


@dataclass(frozen=True)
class Raised:
    concern: Concern
    # Nobody in the whole network deals with concerns: whoever raised it must ring the council.
    told: bool


@transaction.atomic
def raise_concern(
    *, source: Source, worry: Worry, by: User, key: uuid.UUID | None = None
) -> Raised:
    """Write it down and tell the safeguarding leads that something waits. No consent is needed.

    The same ``key`` by the same user is the same concern (a double click).

    :raises ValidationError: for one that does not say what, or whom it is about.
    """
    if not can(by, Permission.SAFEGUARDING_RAISE):
        raise Http404
    who = worry.who.strip()
    if source.person is None and not who:
        raise ValidationError({"who": _("Say who it is about.")})
    concern = Concern(
        key=key or uuid.uuid4(),
        organisation=source.organisation,
        person=source.person,
        enquiry=source.enquiry,
        referral=source.referral,
        raised_by=by,
        at_risk=worry.at_risk,
        who=who,
        what=worry.what.strip(),
        danger=worry.danger,
        knows=worry.knows,
        wishes=worry.wishes.strip(),
    )
    concern.full_clean(exclude=["key"])
    try:
        with transaction.atomic():
            concern.save(force_insert=True)
    except IntegrityError:
        found = Concern.objects.filter(key=concern.key, raised_by=by).first()
        if found is not None:
            return Raised(found, told=True)
        # Somebody else's form came with this key: this is another concern, and none may be lost.
        concern.key = uuid.uuid4()
        concern.save(force_insert=True)
    ConcernChange.objects.create(
        concern=concern, number=0, to_state=Concern.State.RAISED, at=concern.raised_at, by=by
    )
    record(CONCERN_RAISED, by=by, subject=concern.id, details={"concern": concern.id})
    return Raised(concern, told=tell_leads(concern))
