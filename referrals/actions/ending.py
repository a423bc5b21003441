"""The ends of an enquiry that write more than one thing, each in one transaction."""

from __future__ import annotations

import hashlib
from datetime import date

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from dcsn.accounts.models import User
from dcsn.messages import Recipient, queue_message
from dcsn.messages.models import Channel, Message
from dcsn.network import network
from directory.actions.shared_lists import share_list
from directory.models import Service, TaxonomyTerm
from directory.wards import ward_of
from members.actions.people import record_consent
from members.models import Category, Consent, Person, Purpose
from referrals.actions.enquiries import (
    check_takes,
    finish_enquiry,
    locked,
    save_enquiry,
    signpost,
)
from referrals.models import Choice, Enquiry, Signpost
from referrals.refusals import FinishedAlready, Refused

State = Enquiry.State


@transaction.atomic
def about_person(*, enquiry: Enquiry, person: Person | None, by: User) -> Enquiry:
    """Say whom it is about, or that nobody shall know; how they need information comes with them.

    Whoever calls has made sure that ``by`` may see the person.
    """
    current = locked(enquiry)
    facts: dict[str, object] = {"person": person}
    if person is not None:
        if person.formats or person.interpreter_language:
            facts["formats"] = list(person.formats)
            facts["interpreter_language"] = person.interpreter_language
        if person.postcode:
            facts["outward"] = person.postcode.split(" ")[0]
            facts["ward"] = ward_of(person.postcode)
    return save_enquiry(enquiry=current, by=by, version=current.version, facts=facts)


@transaction.atomic
def tell_about(
    *, enquiry: Enquiry, services: list[Service], way: str, by: User, ask_on: date | None = None
) -> list[Signpost]:
    """Note that services were told of; a better way that was noted before stays (printed, then told)."""
    current = locked(enquiry)
    check_takes(by, current)
    given = dict(current.signposts.values_list("service_id", "way"))
    rows: list[Signpost] = []
    for service in services:
        better = given.get(service.id, "")
        kept = better if way == Signpost.Way.TOLD and better else way
        rows += signpost(enquiry=current, services=[service], way=kept, by=by, ask_on=ask_on)
    return rows


@transaction.atomic
def email_list(*, enquiry: Enquiry, services: list[Service], address: str, by: User) -> None:
    """E-mail where the chosen services can be read. The message names none of them, and nobody.

    The same list to the same address in the same enquiry goes once.
    """
    current = locked(enquiry)
    check_takes(by, current)
    if not current.is_open:
        raise FinishedAlready(_("This enquiry was finished already."))
    if not services:
        raise Refused(_("Choose a service first."))
    said = f"{address.casefold()} {sorted(one.short_id for one in services)}"
    # Without the address: a key is shown in lists of messages.
    key = f"enquiry:{current.id}:{hashlib.sha256(said.encode()).hexdigest()[:20]}"
    if Message.objects.filter(key=key).exists():
        return
    shared = share_list(service_ids=[one.id for one in services])
    known = network()
    lines = [
        _("You asked us for this. You can read it here:"),
        f"{settings.SITE_ADDRESS}{reverse('directory:shared_list', args=[shared.said_code])}",
        _("If you would rather have it on paper, or if anything is not clear, please ring us."),
        f"{known.helpline} {known.helpline_hours}".strip(),
        current.organisation.name,
    ]
    queue_message(
        channel=Channel.EMAIL,
        key=key,
        to=Recipient(name="", address=address),
        subject=_("What you asked us for (%(reference)s)") % {"reference": current.reference},
        body="\n\n".join(line for line in lines if line),
        by=by,
        about=current.person_id,
        organisation=current.organisation_id,
    )
    tell_about(enquiry=current, services=services, way=Signpost.Way.EMAILED, by=by)


@transaction.atomic
def finish_at_desk(
    *, enquiry: Enquiry, state: str, by: User, ask_on: date | None = None
) -> Enquiry:
    """Finish without a referral. What was chosen to be told is told now.

    :param ask_on: they agreed to be asked on that day how it went; written down as their consent.
    """
    current = locked(enquiry)
    check_takes(by, current)
    if current.is_open and state == State.SIGNPOSTED:
        told = [one.service for one in _to_tell(current)]
        if not told:
            raise Refused(_("Choose a service first, or say what you told them."))
        if ask_on is not None and current.person is not None:
            _agree_to_be_asked(current, current.person, by)
        tell_about(
            enquiry=current,
            services=told,
            way=Signpost.Way.TOLD,
            by=by,
            ask_on=ask_on if current.person is not None else None,
        )
    if current.is_open:
        take_topics(current)
    return finish_enquiry(enquiry=current, state=state, by=by)


def take_topics(enquiry: Enquiry) -> None:
    """With no topic ticked, those of the chosen services count: nobody has to say it twice."""
    if enquiry.topics.exists():
        return
    enquiry.topics.set(
        TaxonomyTerm.objects.filter(
            is_topic=True, services__in=enquiry.choices.values("service")
        ).distinct()
    )


def _to_tell(enquiry: Enquiry) -> list[Choice]:
    return list(enquiry.choices.filter(way=Choice.Way.SIGNPOST).select_related("service"))


def _agree_to_be_asked(enquiry: Enquiry, person: Person, by: User) -> None:
    if Consent.objects.allows(person, Purpose.CONTACT, enquiry.organisation):
        return
    record_consent(
        person=person,
        organisation=enquiry.organisation,
        purpose=Purpose.CONTACT,
        categories=[Category.NAME, Category.CONTACT],
        how=Consent.How.SPOKEN,
        by=by,
    )
