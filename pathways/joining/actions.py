"""An action of a plan becomes a request for help or a referral.

The links are the coordinator's bookkeeping, not a change of the plan: nobody has to agree to it anew.
"""

from __future__ import annotations

import uuid
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dcsn.access import Permission, can, check
from dcsn.accounts.models import User
from dcsn.audit import SystemJob, record
from directory.models import Service
from members.models import Person
from pathways.actions.pathways import locked
from pathways.events import ACTION_JOINED
from pathways.models import Action, Pathway
from pathways.refusals import NotPossible
from referrals.actions.enquiries import open_enquiry
from referrals.actions.sending import draft_referral
from referrals.models import Choice, Enquiry, Referral
from volunteers.actions.help import ask_for_help
from volunteers.helping.centre import centre
from volunteers.models import HelpRequest

JOINING = SystemJob("an action of a plan")


@transaction.atomic
def ask_for_volunteer(
    *, action: Action, kind: str, what: str, by: User, key: UUID, **facts: Any
) -> HelpRequest:
    """Ask for a volunteer for this action, once: what is asked already is the answer to a second click,
    and to somebody else's."""
    pathway, current = _held(action, by)
    known = current.help_request
    if known is not None and (known.key == key or not known.is_final):
        return known
    asked = ask_for_help(
        person=_person(pathway),
        organisation=centre() or pathway.organisation,
        taken_at=pathway.organisation,
        kind=kind,
        what=what,
        channel=HelpRequest.Channel.PATHWAY,
        key=key,
        by=by,
        **facts,
    )
    current.help_request = asked
    current.save(update_fields=["help_request"])
    _record(pathway, current, by, "help", help_request=asked.pk)
    return asked


@transaction.atomic
def refer(*, action: Action, by: User, service: Service | None = None) -> Enquiry:
    """Begin a referral from this action: an enquiry at the pathway's access point, on its list of today.

    Whoever sends referrals there gets a draft at once, where the service is known, and asks for the
    agreement next. Nothing leaves without it.
    """
    pathway, current = _held(action, by)
    if current.referral is not None and current.referral.is_open:
        return current.referral.enquiry
    enquiry = open_enquiry(
        organisation=pathway.organisation,
        # A coordinator need not be allowed to take enquiries at the access point.
        by=JOINING,
        key=enquiry_key(current),
        origin=Enquiry.Origin.PATHWAY,
        channel=Enquiry.Channel.OUTREACH,
        person=_person(pathway),
        words=current.words,
        promised_on=timezone.localdate(),
        promise=_("From their plan: ask for their agreement and refer them"),
    )
    draft: Referral | None = None
    if service is not None and enquiry.is_open:
        Choice.objects.get_or_create(
            enquiry=enquiry,
            service=service,
            defaults={"way": Choice.Way.REFER, "note": current.words},
        )
        if can(by, Permission.REFERRAL_SEND, enquiry):
            draft = draft_referral(
                enquiry=enquiry, service=service, by=by, reason_text=current.words
            )
            current.referral = draft
            current.save(update_fields=["referral"])
    _record(
        pathway, current, by, "referral", **({"referral": draft.pk} if draft is not None else {})
    )
    return enquiry


def enquiry_key(action: Action) -> UUID:
    """The enquiry that this action has led to, or leads to next once its referral has ended."""
    return uuid.uuid5(action.pk, f"refer:{action.referral_id or ''}")


@transaction.atomic
def link_referral(*, action: Action, referral: Referral, by: User) -> Action:
    """Join an action with a referral that is there already: of the same person, and seen by ``by``."""
    pathway, current = _held(action, by)
    seen = Referral.objects.visible_to(by).filter(pk=referral.pk, person=pathway.person)
    if not seen.exists():
        raise NotPossible(_("That referral is not one of theirs."))
    if current.referral_id != referral.pk:
        current.referral = referral
        current.save(update_fields=["referral"])
        _record(pathway, current, by, "referral", referral=referral.pk)
    return current


@transaction.atomic
def link_help(*, action: Action, help_request: HelpRequest, by: User) -> Action:
    """The same with a request for help."""
    pathway, current = _held(action, by)
    seen = HelpRequest.objects.visible_to(by).filter(pk=help_request.pk, person=pathway.person)
    if not seen.exists():
        raise NotPossible(_("That request is not one of theirs."))
    if current.help_request_id != help_request.pk:
        current.help_request = help_request
        current.save(update_fields=["help_request"])
        _record(pathway, current, by, "help", help_request=help_request.pk)
    return current


def _held(action: Action, by: User) -> tuple[Pathway, Action]:
    pathway = locked(action.plan.pathway)
    check(by, Permission.PATHWAY_COORDINATE, pathway)
    current = (
        Action.objects.select_for_update(of=("self",))
        .select_related("plan", "help_request", "referral__enquiry")
        .get(pk=action.pk)
    )
    if not pathway.is_open or current.plan.is_final:
        raise NotPossible(_("This pathway or its plan has ended."))
    return pathway, current


def _person(pathway: Pathway) -> Person:
    if pathway.person is None:
        raise NotPossible(_("This person's record is no longer in use."))
    return pathway.person


def _record(pathway: Pathway, action: Action, by: User, what: str, **ids: Any) -> None:
    record(
        ACTION_JOINED,
        by=by,
        subject=pathway.person_id,
        organisation=pathway.organisation_id,
        details={"plan": action.plan_id, "action": action.pk, "what": what, **ids},
    )
