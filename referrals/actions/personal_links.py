"""The way for somebody without an account to see their own referrals: a link, and a number told apart."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from dcsn.access import Permission, check
from dcsn.access.acting import StandsFor, register_link
from dcsn.accounts.models import User
from dcsn.audit import SystemJob, record
from dcsn.messages import Channel, Recipient, queue_message
from dcsn.network import network
from members.models import Person
from referrals.asking import address_for, link_address, site_to_type
from referrals.events import LINK_MADE, LINK_OPENED
from referrals.models import Attempt, PersonalLink
from referrals.refusals import NotPossible

MINE_LASTS = timedelta(days=30)
MY_PAGE = register_link(SystemJob("my referrals page"), StandsFor.PERSON)


@dataclass(frozen=True)
class Handed:
    """A new link, and the number that is shown this once."""

    link: PersonalLink
    number: str


@transaction.atomic
def hand_out_link(*, person: Person, by: User, send_by: str = "") -> Handed:
    """Make a way in; earlier ones end. ``send_by``: "letter" or "email"; else staff hand it over.

    The number of four figures is told to the person by voice and stands nowhere beside the code: who
    opens their post or reads their e-mail sees nothing.

    :raises NotPossible: without an address for that way.
    """
    check(by, Permission.REFERRAL_VIEW, person)
    now = timezone.now()
    PersonalLink.objects.filter(person=person, kind=PersonalLink.Kind.MINE, ended_at=None).update(
        ended_at=now
    )
    number = f"{secrets.randbelow(10_000):04}"
    link = PersonalLink(
        kind=PersonalLink.Kind.MINE, person=person, made_by=by, expires_at=now + MINE_LASTS
    )
    link.set_number(number)
    link.save(force_insert=True)
    if send_by:
        _send(link, send_by, by)
    record(
        LINK_MADE,
        by=by,
        subject=person.id,
        organisation=person.organisation_id,
        details={"link": link.id},
    )
    return Handed(link, number)


def open_with_number(link: PersonalLink, typed: str) -> bool:
    """Whether the number is right. Every wrong one is counted; after five the link is dead."""
    with transaction.atomic():
        current = (
            PersonalLink.objects.select_for_update()
            .usable(timezone.now())
            .filter(pk=link.pk)
            .first()
        )
        if current is None:
            return False
        if not current.number_is(typed):
            PersonalLink.objects.filter(pk=current.pk).update(tries=F("tries") + 1)
            return False
        PersonalLink.objects.filter(pk=current.pk).update(tries=0)
        record(
            LINK_OPENED,
            by=MY_PAGE,
            subject=current.person_id,
            organisation=current.person.organisation_id,
            details={"link": current.id},
        )
        return True


def _send(link: PersonalLink, way: str, by: User) -> None:
    person = link.person
    address = address_for(person, way)
    if way not in (Attempt.Way.LETTER, Attempt.Way.EMAIL) or not address:
        raise NotPossible(_("No address is known for this way."))
    here = network()
    until = date_format(timezone.localtime(link.expires_at), "j F Y")
    if way == Attempt.Way.EMAIL:
        subject = _("The page that you asked for")
        body = _(
            "Hello,\n\nyou asked us for a page to look at. Here it is:\n\n%(link)s\n\n"
            "You need the number that we told you. The link works until %(until)s. If you did not ask for "
            "this, ring %(number)s.\n\n%(network)s"
        ) % {
            "link": link_address(link),
            "until": until,
            "number": here.helpline,
            "network": here.name,
        }
    else:
        subject = _("The page that you asked for")
        body = _(
            "Go to %(site)s/my on a computer or phone and type this code:\n\n%(code)s\n\n"
            "You are then asked for the number that we told you. It works until %(until)s.\n\n"
            "If you would rather have it on paper, or did not ask for this, ring %(number)s."
        ) % {
            "site": site_to_type(),
            "code": link.code,
            "until": until,
            "number": here.helpline,
        }
    queue_message(
        channel=Channel.EMAIL if way == Attempt.Way.EMAIL else Channel.LETTER,
        key=f"mine:{link.id}",
        to=Recipient(person.name, address),
        subject=subject,
        body=body,
        by=by,
        about=person.id,
        organisation=person.organisation_id,
        size=person.print_size or 18,
    )
