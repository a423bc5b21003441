"""Who may see and move referrals, in this app's own words.

A referral crosses organisations: it is seen by the access point that sent it, by the organisation that
was asked (of the person only what they agreed to pass on), and by the person's named contact. For
everybody else it does not exist: 404, in lists, prints and links too. An administrator sees none.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _

from dcsn.access import Permission, can, register_scope, scope_of_permission
from dcsn.access.doors import Door, register_door
from directory.models import Organisation
from members.access import access_points_of
from referrals.models import Checklist, Concern, Enquiry, Referral
from referrals.states import Party

# Whose a referral is, for ``can(user, permission, referral)``: its sender's.
register_scope(Referral, lambda referral: referral.requester_id)

register_door(
    Door(
        Permission.ENQUIRY_TAKE,
        _("New enquiry"),
        _("Somebody is at the desk or on the phone."),
        "referrals:enquiry_new",
        order=1,
    )
)
register_door(
    Door(
        Permission.ENQUIRY_TAKE,
        _("Enquiries"),
        _("Those that are open, yours first, and what came of the others."),
        "referrals:enquiries",
        order=3,
    )
)


def enquiry_or_404(user: Any, enquiry_id: UUID) -> Enquiry:
    """The enquiry, if ``user`` may see it."""
    return get_object_or_404(
        Enquiry.objects.visible_to(user).select_related("organisation", "person", "taken_by"),
        id=enquiry_id,
    )


def referral_or_404(user: Any, referral_id: UUID) -> Referral:
    """The referral, from whichever side ``user`` may see it."""
    return get_object_or_404(_with_names(Referral.objects.visible_to(user)), id=referral_id)


def sent_referral_or_404(user: Any, referral_id: UUID) -> Referral:
    return get_object_or_404(_with_names(Referral.objects.sent_by(user)), id=referral_id)


def received_referral_or_404(user: Any, referral_id: UUID) -> Referral:
    return get_object_or_404(_with_names(Referral.objects.received_by(user)), id=referral_id)


def _with_names(rows: Any) -> Any:
    return rows.select_related("person", "service", "requester", "owner", "enquiry", "consent")


def parties_of(user: Any, referral: Referral) -> frozenset[Party]:
    """For which side of this referral ``user`` may speak. A hub that refers to itself has both."""
    parties = set()
    sender = scope_of_permission(user, Permission.REFERRAL_VIEW)
    if sender and (
        referral.requester_id in sender.organisations
        or (referral.person is not None and referral.person.coordinator_id == user.pk)
    ):
        parties.add(Party.REQUESTER)
    receiver = scope_of_permission(user, Permission.REFERRAL_RECEIVE)
    if referral.owner_id in receiver.organisations and referral.requested_at is not None:
        parties.add(Party.RECEIVER)
    return frozenset(parties)


def check_speaks_for(user: Any, referral: Referral, party: Party, *, relaying: bool) -> None:
    """Return if ``user`` may say this.

    :param relaying: the user writes down what the receiver said by phone or on a slip.
    :raises PermissionDenied: when they may not.
    """
    parties = parties_of(user, referral)
    if party in parties:
        return
    if (
        relaying
        and party is Party.RECEIVER
        and Party.REQUESTER in parties
        and can(user, Permission.REFERRAL_REPLY_FOR)
    ):
        return
    raise PermissionDenied


def desks_of(user: Any) -> list[Organisation]:
    """The access points where ``user`` takes enquiries."""
    return access_points_of(user, Permission.ENQUIRY_TAKE)


def checklist_or_404(user: Any, checklist_id: UUID) -> Checklist:
    """The checklist, if ``user`` works with it at their access point."""
    return get_object_or_404(
        Checklist.objects.visible_to(user).select_related(
            "enquiry__organisation", "enquiry__person", "version"
        ),
        id=checklist_id,
    )


def concern_or_404(user: Any, concern_id: UUID) -> Concern:
    """The concern, for its access point's safeguarding leads, or all of them once it was passed on."""
    return get_object_or_404(
        Concern.objects.visible_to(user).select_related(
            "organisation", "person", "raised_by", "enquiry", "referral"
        ),
        id=concern_id,
    )


register_door(
    Door(
        Permission.CHECKLIST_USE,
        _("First Contact checklist"),
        _("A short list of yes and no, and what follows from each yes. Also on paper."),
        "referrals:checklists",
        order=14,
    )
)
register_door(
    Door(
        Permission.CHECKLIST_CHANGE,
        _("Questions of the checklist"),
        _("Add, reword, reorder and take out the questions that visitors ask."),
        "referrals:questions",
        order=70,
    )
)
register_door(
    Door(
        Permission.SAFEGUARDING_HANDLE,
        _("Safeguarding concerns"),
        _("Look at what was raised, decide, and write down why."),
        "referrals:concerns",
        order=5,
    )
)
register_door(
    Door(
        Permission.SAFEGUARDING_RAISE,
        _("Concerns that I raised"),
        _("Their references, in case you are asked for one."),
        "referrals:my_concerns",
        order=90,
    )
)
