"""Preparing referrals, sending several with one consent, taking consent back, beginning again."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dcsn.access import Permission, can, check
from dcsn.accounts.models import User
from dcsn.audit import Actor, SystemJob, record
from directory.models import Organisation, Service
from members.actions.people import record_consent, withdraw_consent
from members.models import Category, Consent, ContactBy, Person, Purpose, SharingAgreement
from referrals.actions.enquiries import locked as locked_enquiry
from referrals.actions.moving import Saying, begin_history, locked, move_referral
from referrals.events import REFERRAL_CHANGED, REFERRAL_DRAFTED
from referrals.models import Enquiry, Referral
from referrals.refusals import NoAgreement, NoBasis, NotPossible, Refused
from referrals.states import FINAL, OPEN, Party, Priority, Reason, State, Via

WITHDRAWN = SystemJob("consent withdrawn")
CHANGEABLE = frozenset({"reason_text", "categories", "priority"})


@dataclass(frozen=True)
class Agreed:
    """What was said in the one consent step, for all the organisations that it named.

    :param how: ``Consent.How``: spoken, written or online.
    :param until: the end of the consent; None for as long as the help takes.
    :param may_ask: they may be asked afterwards whether they got the help.
    :param who: who agreed for them, where ``given_by`` is not the person; with ``capacity`` and
        ``best_interests`` as in ``members.actions.people.record_consent``.
    """

    how: str = Consent.How.SPOKEN
    given_by: str = Consent.GivenBy.THEMSELVES
    who: str = ""
    capacity: str = ""
    best_interests: str = ""
    until: datetime | None = None
    may_ask: bool = False


@dataclass(frozen=True)
class OtherBasis:
    """Another lawful basis than consent, and why it holds here."""

    basis: str
    note: str


@transaction.atomic
def draft_referral(
    *,
    enquiry: Enquiry,
    service: Service,
    by: User,
    person: Person | None = None,
    reason_text: str = "",
    categories: Iterable[str] = (Category.NAME, Category.CONTACT, Category.NEEDS),
    priority: str = Priority.ROUTINE,
    replaces: Referral | None = None,
) -> Referral:
    """Prepare one; nothing leaves the desk yet. The same service in the same enquiry is the same draft.

    :raises Refused: without a person (an anonymous enquiry cannot refer), or for a person whose record
        is no longer in use.
    """
    enquiry = locked_enquiry(enquiry)
    who = person or enquiry.person
    if who is None:
        raise Refused(
            _("Say whom it is about first: a referral is made for a person with a record.")
        )
    # Locked, so that it cannot slip in behind an erasure.
    known = Person.objects.known().select_for_update().filter(pk=who.pk).first()
    if known is None:
        raise Refused(_("This person's record is no longer in use."))
    drafts = Referral.objects.filter(
        enquiry=enquiry, person=known, service=service, state=State.DRAFT
    )
    if replaces is not None:
        drafts = drafts.filter(replaces=replaces)
    # One that was begun again is sent like any other draft of its enquiry, and stays linked.
    found = drafts.order_by("created_at").first()
    if found is not None:
        return change_draft(
            referral=found,
            by=by,
            reason_text=reason_text,
            categories=categories,
            priority=priority,
        )
    referral = Referral(
        enquiry=enquiry,
        person=known,
        service=service,
        requester=enquiry.organisation,
        owner=service.organisation,
        drafted_by=by,
        reason_text=reason_text.strip(),
        categories=sorted({str(one) for one in categories}),
        priority=priority,
        replaces=replaces,
    )
    check(by, Permission.REFERRAL_SEND, referral)
    referral.full_clean()
    try:
        with transaction.atomic():
            referral.save(force_insert=True)
    except IntegrityError as clash:
        if replaces is not None and hasattr(replaces, "replaced_by"):
            raise NotPossible(_("It was begun again already.")) from clash
        raise
    begin_history(referral, by=by)
    record(
        REFERRAL_DRAFTED,
        by=by,
        subject=known.id,
        organisation=referral.requester_id,
        details={"referral": referral.id, "replaces": replaces.id if replaces else None},
    )
    return referral


@transaction.atomic
def change_draft(*, referral: Referral, by: User, **facts: object) -> Referral:
    """Change what a draft asks for, passes on, or how urgent it is."""
    unknown = set(facts) - CHANGEABLE
    if unknown:
        raise TypeError(f"Not to be changed in a draft: {', '.join(sorted(unknown))}")
    current = locked(referral)
    check(by, Permission.REFERRAL_SEND, current)
    if current.state != State.DRAFT:
        raise NotPossible(_("It has been sent already."))
    if "categories" in facts:
        facts["categories"] = sorted({str(one) for one in facts["categories"]})  # type: ignore[attr-defined]
    if "reason_text" in facts:
        facts["reason_text"] = str(facts["reason_text"]).strip()
    changed = sorted(name for name, value in facts.items() if getattr(current, name) != value)
    if not changed:
        return current
    for name in changed:
        setattr(current, name, facts[name])
    current.version += 1
    current.full_clean()
    current.save()
    record(
        REFERRAL_CHANGED,
        by=by,
        subject=current.person_id,
        organisation=current.requester_id,
        fields=changed,
        details={"referral": current.id},
    )
    return current


@transaction.atomic
def send_referrals(
    *,
    referrals: Sequence[Referral],
    by: User,
    agreed: Agreed | None = None,
    other_basis: OtherBasis | None = None,
) -> list[Referral]:
    """Send drafts of one person, all or none, on one consent or another basis.

    One that was sent already is left as it is, so that a double click sends once.

    :raises NoAgreement: no data-sharing agreement in force with a receiver, or one that does not cover
        what would be passed on.
    :raises NoBasis: neither a consent nor another basis.
    """
    rows = [locked(one) for one in sorted(referrals, key=lambda one: str(one.pk))]
    drafts = [row for row in rows if row.state == State.DRAFT]
    for row in rows:
        check(by, Permission.REFERRAL_SEND, row)
    if not drafts:
        return rows
    if len({row.person_id for row in drafts}) != 1:
        raise Refused(_("Referrals that are sent together are about one person."))
    person = drafts[0].person
    if person is None:
        raise Refused(_("This person's record is no longer in use."))
    problems = agreements_missing([(row.requester, row.owner, row.categories) for row in drafts])
    if problems:
        raise NoAgreement(" ".join(problems.values()))
    consents: dict[UUID, Consent] = {}
    if agreed is not None:
        for row in drafts:
            _keep_consent(consents, person, row, agreed, by)
        if agreed.may_ask and person.contact_by != ContactBy.NOT_AT_ALL:
            _agree(person, drafts[0].requester, Purpose.CONTACT, [Category.CONTACT], agreed, by)
    elif other_basis is None or not other_basis.note.strip():
        raise NoBasis(_("Ask the person first, or write down on what other basis it is sent."))
    elif other_basis.basis not in set(Referral.Basis.values) - {Referral.Basis.CONSENT}:
        raise NoBasis(_("Choose the basis on which it is sent."))
    elif not can(by, Permission.CONSENT_RECORD, person):
        # A reason opens another access point's record to look, not to pass its details on.
        raise NotPossible(
            _(
                "This person’s record belongs to another access point. Ask %(name)s to send it, or "
                "record the person with you."
            )
            % {"name": person.organisation.name}
        )
    sent = []
    for row in drafts:
        if agreed is not None:
            row.basis, row.consent = Referral.Basis.CONSENT, consents[row.owner_id]
        elif other_basis is not None:
            row.basis, row.basis_note = other_basis.basis, other_basis.note.strip()
        row.save(update_fields=["basis", "basis_note", "consent"])
        sent.append(
            move_referral(referral=row, to=State.REQUESTED, by=by, saying=Saying(Party.REQUESTER))
        )
    done = {row.pk: row for row in sent}
    return [done.get(row.pk, row) for row in rows]


def agreements_missing(
    wanted: Sequence[tuple[Organisation, Organisation, Collection[str]]],
) -> dict[UUID, str]:
    """For (sender, receiver, categories): why nothing personal may go to a receiver, by its id.

    Within one organisation nothing leaves, so it needs none. One query.
    """
    outside = [(to, set(what)) for sender, to, what in wanted if sender.id != to.id]
    holding = SharingAgreement.objects.in_force_for(
        {to.id for to, _what in outside}, timezone.localdate()
    )
    problems: dict[UUID, str] = {}
    for to, what in outside:
        agreement = holding.get(to.id)
        if agreement is None:
            problems[to.id] = _(
                "There is no data-sharing agreement in force with %(name)s, so nothing about the "
                "person may go there. Tell the person about the service instead."
            ) % {"name": to.name}
            continue
        beyond = what - set(agreement.categories)
        if beyond:
            names = ", ".join(str(Category(one).label) for one in sorted(beyond))
            problems[to.id] = _(
                "The agreement with %(name)s does not cover: %(what)s. Take it out, or tell the "
                "person about the service instead."
            ) % {"name": to.name, "what": names}
    return problems


def _keep_consent(
    consents: dict[UUID, Consent], person: Person, row: Referral, agreed: Agreed, by: User
) -> None:
    """One consent for each receiving organisation, covering all that is sent there."""
    known = consents.get(row.owner_id)
    if known is not None and set(row.categories) <= set(known.categories):
        return
    categories = set(row.categories) | set(known.categories if known else ())
    consents[row.owner_id] = _agree(person, row.owner, Purpose.SHARE, categories, agreed, by)


def _agree(
    person: Person,
    organisation: Organisation,
    purpose: str,
    categories: Iterable[str],
    agreed: Agreed,
    by: User,
) -> Consent:
    return record_consent(
        person=person,
        organisation=organisation,
        purpose=purpose,
        categories=categories,
        how=agreed.how,
        by=by,
        until=agreed.until,
        given_by=agreed.given_by,
        who=agreed.who,
        capacity=agreed.capacity,
        best_interests=agreed.best_interests,
    )


@transaction.atomic
def withdraw_sharing(*, person: Person, organisation: Organisation, how: str, by: Actor) -> Consent:
    """They no longer agree that ``organisation`` gets their details: one action.

    What is still open there is cancelled by ``stop_after_withdrawal``, which hears of every withdrawal,
    wherever it was recorded; the receivers are told with the cancelling.
    """
    return withdraw_consent(
        person=person, organisation=organisation, purpose=Purpose.SHARE, how=how, by=by
    )


def stop_after_withdrawal(*, withdrawal: Consent, by: Actor, **_signal: object) -> None:
    """Connected to ``members.signals.consent_withdrawn``: cancel what rested on that consent."""
    if withdrawal.purpose != Purpose.SHARE:
        return
    resting = Referral.objects.filter(
        person_id=withdrawal.person_id,
        owner_id=withdrawal.organisation_id,
        basis=Referral.Basis.CONSENT,
        state__in=sorted(OPEN),
    )
    for referral in resting.order_by("id"):
        # Whoever recorded the withdrawal was checked there; the cancelling follows from it.
        move_referral(
            referral=referral,
            to=State.CANCELLED,
            by=WITHDRAWN,
            saying=Saying(Party.REQUESTER, via=Via.SYSTEM, reason_code=Reason.CONSENT_WITHDRAWN),
        )


@transaction.atomic
def reopen(
    *,
    referral: Referral,
    by: User,
    enquiry: Enquiry | None = None,
    service: Service | None = None,
) -> Referral:
    """Begin again after the end: a new draft that is linked to the old one.

    To another service when ``service`` is given (the first one turned it down, or it did not help).
    Beginning again twice gives the same draft.

    :raises NotPossible: while the old one is still open, or when it has been replaced and sent already.
    """
    old = locked(referral)
    if old.state not in FINAL:
        raise NotPossible(_("It has not ended yet, so there is nothing to begin again."))
    following = Referral.objects.filter(replaces=old).first()
    if following is not None:
        if following.state == State.DRAFT:
            return following
        raise NotPossible(
            _("It was begun again already: %(reference)s.") % {"reference": following.reference}
        )
    draft = draft_referral(
        enquiry=enquiry or old.enquiry,
        service=service or old.service,
        by=by,
        person=old.person,
        reason_text=old.reason_text,
        categories=old.categories,
        priority=old.priority,
        replaces=old,
    )
    if old.unhelped_since is not None and old.unhelped_settled_at is None:
        Referral.objects.filter(pk=old.pk).update(unhelped_settled_at=timezone.now())
    return draft
