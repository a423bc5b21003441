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
from directory.models import Organisation, Service
from members.access import access_points_of
from referrals.models import (
    Checklist,
    Concern,
    Enquiry,
    FollowUp,
    ReceivingDesk,
    Referral,
    Signpost,
    Telling,
)
from referrals.states import Party

# Whose a referral is, for ``can(user, permission, referral)``: its sender's.
register_scope(Referral, lambda referral: referral.requester_id)
# Of the network: a hub lead registers the organisations that their access point refers to.
register_scope(ReceivingDesk, lambda desk: None)

register_door(
    Door(
        Permission.ENQUIRY_TAKE,
        _("New enquiry"),
        _("Somebody is at the desk or on the phone."),
        "referrals:enquiry_new",
        order=1,
        menu=_("New enquiry"),
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


def follow_up_or_404(user: Any, follow_up_id: UUID) -> FollowUp:
    """The asking, if ``user`` may ask it."""
    return get_object_or_404(
        FollowUp.objects.asked_by(user).select_related(
            "referral",
            "referral__person",
            "referral__service",
            "referral__owner",
            "referral__requester",
            "asked_by",
        ),
        id=follow_up_id,
    )


def signpost_or_404(user: Any, signpost_id: UUID) -> Signpost:
    return get_object_or_404(
        Signpost.objects.asked_by(user).select_related(
            "service", "enquiry", "enquiry__person", "enquiry__organisation"
        ),
        id=signpost_id,
    )


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


def telling_or_404(user: Any, telling_id: UUID) -> Telling:
    """Something to tell by hand, of a referral that ``user`` follows."""
    return get_object_or_404(
        Telling.objects.filter(referral__in=Referral.objects.sent_by(user)).select_related(
            "referral__person",
            "referral__owner",
            "referral__requester",
            "referral__service",
            "change",
        ),
        id=telling_id,
    )


def services_for_capacity(user: Any) -> Any:
    """Of which services ``user`` may say whether they have room: their own organisation's; those who
    write down what receivers say on the phone, of all."""
    scope = scope_of_permission(user, Permission.CAPACITY_CHANGE)
    services = Service.objects.publishable()
    if scope and can(user, Permission.REFERRAL_REPLY_FOR):
        return services
    return services.filter(organisation_id__in=scope.organisations)


def may_set_capacity(user: Any, service: Service) -> bool:
    return bool(services_for_capacity(user).filter(pk=service.pk).exists())


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
register_door(
    Door(
        Permission.REFERRAL_RECEIVE,
        _("Referrals to us"),
        _("People whom others ask you to help: answer, and say how it goes."),
        "referrals:received",
        order=5,
    )
)
register_door(
    Door(
        Permission.REFERRAL_REPLY_FOR,
        _("To ring and to write"),
        _(
            "Organisations and people who cannot be told by e-mail: ring them, print and post slips."
        ),
        "referrals:tellings",
        order=12,
    )
)
register_door(
    Door(
        Permission.CAPACITY_CHANGE,
        _("Who has room"),
        _("Say whether a service can take people on at the moment."),
        "referrals:capacities",
        order=30,
    )
)
register_door(
    Door(
        Permission.RECEIVING_DESK_CHANGE,
        _("Where organisations are told of referrals"),
        _("The registered e-mail address and numbers of each organisation."),
        "referrals:desks",
        order=82,
    )
)
register_door(
    Door(
        Permission.FOLLOW_UP_ASK,
        _("What is to be done"),
        _(
            "What was promised for today, who has not answered, and whom to ask whether they got help."
        ),
        "referrals:hub",
        order=1,
        landing=True,
        menu=_("To do"),
    )
)
register_door(
    Door(
        Permission.NUMBERS_HUB,
        _("Numbers of your access point"),
        _("How referrals went, where there are gaps, and who does not answer."),
        "numbers:hub",
        order=40,
    )
)
register_door(
    Door(
        Permission.NUMBERS_NETWORK,
        _("Numbers of the network"),
        _("Totals of all access points, without small numbers."),
        "numbers:network",
        order=40,
    )
)
