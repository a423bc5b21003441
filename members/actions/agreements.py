"""Recording, renewing and ending the agreements under which people's details are shared."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from dcsn.access import Permission, check
from dcsn.audit import Actor, SystemJob, record
from dcsn.messages import Channel, Recipient, queue_message
from dcsn.network import network
from directory.models import Organisation
from members.events import AGREEMENT_ENDED, AGREEMENT_RECORDED, AGREEMENT_RENEWED
from members.models import SharingAgreement
from members.models.agreement import REVIEW_SOON
from members.refusals import AgreementChanged, Refused
from members.role_holders import holders, protection_leads

REVIEWS = SystemJob("agreement reviews")


@dataclass(frozen=True)
class Terms:
    """What the signed paper says."""

    categories: Iterable[str]
    signed_on: date
    review_on: date
    signed_by: str
    kept_at: str


@transaction.atomic
def record_agreement(
    *, organisation: Organisation, terms: Terms, by: Actor, key: uuid.UUID | None = None
) -> SharingAgreement:
    """Write down what was signed. The same ``key`` is the same agreement, returned as it is.

    Raises ``ValidationError`` for one that cannot be (a second one beside an open one, too).
    """
    _check(by)
    key = key or uuid.uuid4()
    # Locked, so that two who record the same paper at once do not meet at the constraint.
    Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)
    known = SharingAgreement.objects.filter(key=key).first()
    if known is not None:
        return known
    agreement = _save(organisation, terms, by, key=key)
    record(
        AGREEMENT_RECORDED,
        by=by,
        organisation=organisation.id,
        details={"agreement": agreement.id},
    )
    return agreement


@transaction.atomic
def renew_agreement(
    *, agreement: SharingAgreement, terms: Terms, by: Actor, key: uuid.UUID | None = None
) -> SharingAgreement:
    """A new agreement takes the place of ``agreement``, which ends on the day the new one begins.

    Raises :class:`AgreementChanged` when somebody else was quicker, ``ValidationError`` for terms
    that cannot be.
    """
    _check(by)
    old = SharingAgreement.objects.select_for_update().get(pk=agreement.pk)
    known = SharingAgreement.objects.filter(key=key).first() if key else None
    if known is not None:
        return known
    if old.ended_on is not None:
        raise AgreementChanged(
            _("This agreement has been renewed or ended already. Look at it again.")
        )
    if terms.signed_on < old.signed_on:
        raise Refused(_("The new agreement cannot be signed before the old one was."))
    SharingAgreement.objects.filter(pk=old.pk).update(
        ended_on=terms.signed_on, ended_why=_("Renewed")
    )
    new = _save(old.organisation, terms, by, key=key or uuid.uuid4(), renews=old)
    record(
        AGREEMENT_RENEWED,
        by=by,
        organisation=old.organisation_id,
        details={"agreement": new.id, "renews": old.id},
    )
    return new


@transaction.atomic
def end_agreement(
    *, agreement: SharingAgreement, on: date, why: str, by: Actor
) -> SharingAgreement:
    """From ``on``, no personal data goes there. Raises :class:`AgreementChanged`, :class:`Refused`."""
    _check(by)
    current = SharingAgreement.objects.select_for_update().get(pk=agreement.pk)
    if current.ended_on is not None:
        raise AgreementChanged(
            _("This agreement has been renewed or ended already. Look at it again.")
        )
    if on < current.signed_on:
        raise Refused(_("It cannot end before it was signed."))
    current.ended_on, current.ended_why = on, why
    current.full_clean()
    current.save(update_fields=["ended_on", "ended_why"])
    record(
        AGREEMENT_ENDED,
        by=by,
        organisation=current.organisation_id,
        details={"agreement": current.id},
    )
    return current


def _check(by: Actor) -> None:
    if not isinstance(by, SystemJob):
        check(by, Permission.AGREEMENT_CHANGE)


def _save(
    organisation: Organisation,
    terms: Terms,
    by: Actor,
    *,
    key: uuid.UUID,
    renews: SharingAgreement | None = None,
) -> SharingAgreement:
    agreement = SharingAgreement(
        key=key,
        organisation=organisation,
        categories=sorted(set(terms.categories)),
        signed_on=terms.signed_on,
        review_on=terms.review_on,
        signed_by=terms.signed_by,
        kept_at=terms.kept_at,
        renews=renews,
        recorded_by=None if isinstance(by, SystemJob) else by,
    )
    agreement.full_clean()
    try:
        with transaction.atomic():
            agreement.save(force_insert=True)
    except IntegrityError as error:
        raise AgreementChanged(
            _("Somebody else recorded an agreement with this organisation a moment ago.")
        ) from error
    return agreement


@transaction.atomic
def remind_of_reviews(on: date | None = None) -> int:
    """Write to whoever must see to a review, once for each agreement; returns how many letters.

    That is the hub lead of an access point, and the data protection leads for every agreement; where
    the network has none, the administrators.
    """
    day = on or timezone.localdate()
    waiting = list(
        SharingAgreement.objects.to_review_by(day + REVIEW_SOON)
        .filter(reminded_on=None)
        .select_for_update(skip_locked=True, of=("self",))
        .select_related("organisation")
    )
    if not waiting:
        return 0
    sent = 0
    leads = protection_leads()
    for agreement in waiting:
        users = {user.pk: user for user in leads}
        users |= {user.pk: user for user in holders("hub_lead", agreement.organisation_id)}
        for user in users.values():
            queue_message(
                channel=Channel.EMAIL,
                key=f"agreement-review:{agreement.id}:{user.pk}",
                to=Recipient(user.name, user.email),
                subject=_("A sharing agreement is to be reviewed"),
                body=_(
                    "The agreement with %(organisation)s to share people's details is to be "
                    "reviewed by %(day)s. After that day nothing about people may be sent there "
                    "until it is renewed.\n\n%(network)s"
                )
                % {
                    "organisation": agreement.organisation.name,
                    "day": date_format(agreement.review_on, "j F Y"),
                    "network": network().name,
                },
                by=REVIEWS,
                organisation=agreement.organisation_id,
            )
            sent += 1
        SharingAgreement.objects.filter(pk=agreement.pk).update(reminded_on=day)
    return sent
