"""Recording people, changing what is known, and what they agreed to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dcsn.access import Permission, can, check
from dcsn.accounts.models import User
from dcsn.audit import Actor, SystemJob, record
from directory.models import Organisation
from members.events import (
    CONSENT_RECORDED,
    CONSENT_WITHDRAWN,
    PERSON_ADDED,
    PERSON_CHANGED,
    PERSON_CONTACT_NAMED,
)
from members.finding import write_keys
from members.models import AgeBand, Consent, ConsentNote, Person
from members.refusals import ChangedMeanwhile, NothingToWithdraw, NotTheirs
from members.signals import consent_withdrawn
from members.wordings import current_wording

CHANGEABLE = frozenset(
    {
        "given_name", "family_name", "known_as", "date_of_birth", "age_band", "address_1",
        "address_2", "town", "postcode", "phone", "email", "contact_by", "safe_contact_note",
        "formats", "interpreter_language", "other_phone", "lives_alone", "is_carer",
    }
)  # fmt: skip


@transaction.atomic
def add_person(*, organisation: Organisation, by: Actor, **facts: Any) -> Person:
    """Record somebody at an access point. Raises ``ValidationError`` for facts that cannot be."""
    unknown = set(facts) - CHANGEABLE
    if unknown:
        raise TypeError(f"Not a fact about a person: {', '.join(sorted(unknown))}")
    person = Person(organisation=organisation, **facts)
    if not isinstance(by, SystemJob):
        check(by, Permission.PERSON_ADD, person)
    person.full_clean()
    person.save(force_insert=True)
    write_keys(person.id)
    record(
        PERSON_ADDED,
        by=by,
        subject=person.id,
        organisation=organisation.id,
        fields=sorted(name for name, value in facts.items() if value),
    )
    return person


def as_seen(person: Person) -> dict[str, Any]:
    """The changeable facts as plain values: what a page showed, to be compared later."""
    return {name: _plain(getattr(person, name)) for name in CHANGEABLE}


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list):
        return sorted(value)
    return value


@dataclass(frozen=True)
class Changed:
    """What came of a change: the person, and what somebody else had changed meanwhile."""

    person: Person
    by_others: tuple[str, ...] = ()


def change_person(*, person: Person, by: Actor, facts: Mapping[str, Any]) -> Person:
    """Change what is known; nothing is written when nothing differs. ``ValidationError`` for facts
    that cannot be."""
    return _change(person, by, facts, seen=None).person


def change_person_as_seen(
    *, person: Person, by: Actor, facts: Mapping[str, Any], seen: Mapping[str, Any]
) -> Changed:
    """Change only what this editor altered of ``seen`` (:func:`as_seen` of the page they filled in), over
    whatever another has saved meanwhile.

    Raises :class:`ChangedMeanwhile` when both altered the same fact.
    """
    return _change(person, by, facts, seen=seen)


@transaction.atomic
def _change(
    person: Person, by: Actor, facts: Mapping[str, Any], seen: Mapping[str, Any] | None
) -> Changed:
    unknown = set(facts) - CHANGEABLE
    if unknown:
        raise TypeError(f"Not a fact about a person: {', '.join(sorted(unknown))}")
    current = Person.objects.select_for_update().get(pk=person.pk, erased_at=None)
    if not isinstance(by, SystemJob):
        check(by, Permission.PERSON_CHANGE, current)
    stored = as_seen(current)
    seen = stored if seen is None else seen
    altered = {name for name in facts if _plain(facts[name]) != seen.get(name)}
    by_others = {name for name in facts if stored[name] != seen.get(name)}
    clash = {name for name in altered & by_others if _plain(facts[name]) != stored[name]}
    if clash:
        raise ChangedMeanwhile(current, clash=clash, altered=altered)
    changed = sorted(name for name in altered if _plain(facts[name]) != stored[name])
    done = Changed(current, tuple(sorted(by_others)))
    if not changed:
        return done
    for name in changed:
        setattr(current, name, facts[name])
    current.full_clean()
    current.save(update_fields=[*changed, "changed_at"])
    write_keys(current.id)
    record(
        PERSON_CHANGED,
        by=by,
        subject=current.id,
        organisation=current.organisation_id,
        fields=changed,
    )
    return done


@transaction.atomic
def name_contact(*, person: Person, contact: User | None, by: User) -> Person:
    """Say who answers for a person. Raises :class:`NotTheirs` for a user who may not see them."""
    current = Person.objects.select_for_update().get(pk=person.pk, erased_at=None)
    check(by, Permission.COORDINATOR_CHANGE, current)
    if contact is not None and not can(contact, Permission.PERSON_VIEW, current):
        raise NotTheirs(_("They may not see this person’s record: choose somebody who may."))
    if current.coordinator_id == (contact.pk if contact else None):
        return current
    current.coordinator = contact
    current.save(update_fields=["coordinator", "changed_at"])
    record(
        PERSON_CONTACT_NAMED,
        by=by,
        subject=current.id,
        organisation=current.organisation_id,
        details={"contact": contact.pk if contact else None},
    )
    return current


@transaction.atomic
def record_consent(
    *,
    person: Person,
    organisation: Organisation,
    purpose: str,
    categories: Iterable[str],
    how: str,
    by: Actor,
    at: datetime | None = None,
    until: datetime | None = None,
    wording: str = "",
    given_by: str = Consent.GivenBy.THEMSELVES,
    who: str = "",
    capacity: str = "",
    best_interests: str = "",
) -> Consent:
    """Write down that somebody agreed, in the words of ``wording`` (by default the newest).

    ``who``, ``capacity`` and ``best_interests`` are words and go into a note of their own, which is
    erased with the person; the consent itself stays.

    ``by`` is a ``SystemJob`` for a form in which they ticked it themselves.

    Raises ``ValidationError`` for a consent that cannot be (from the future, ending before it began, said
    by somebody else without saying by whom).
    """
    # Locked, so that it cannot fall between an erasure's reading and its writing.
    person = Person.objects.select_for_update().get(pk=person.pk, erased_at=None)
    if not isinstance(by, SystemJob):
        check(by, Permission.CONSENT_RECORD, person)
    now = timezone.now()
    consent = Consent(
        person=person,
        organisation=organisation,
        purpose=purpose,
        categories=sorted(set(categories)),
        how=how,
        given_by=given_by,
        wording=wording or current_wording(purpose).code,
        at=at or now,
        until=until,
        recorded_at=now,
        recorded_by=by if isinstance(by, User) else None,
    )
    _check_who_said_it(person, given_by, who=who, best_interests=best_interests)
    consent.full_clean()
    consent.save(force_insert=True)
    if who or capacity or best_interests:
        note = ConsentNote(
            consent=consent, who=who, capacity=capacity, best_interests=best_interests
        )
        note.full_clean()
        note.save(force_insert=True)
    record(
        CONSENT_RECORDED,
        by=by,
        subject=person.id,
        organisation=organisation.id,
        details={"purpose": str(purpose), "consent": consent.id},
    )
    return consent


def _check_who_said_it(person: Person, given_by: str, *, who: str, best_interests: str) -> None:
    """Raise ``ValidationError`` where somebody else said it and it is not told who, or by what right."""
    given = Consent.GivenBy(given_by)
    problems: dict[str, str] = {}
    if given is not Consent.GivenBy.THEMSELVES and not who:
        problems["who"] = _("Say who agreed for them: the name, and how they know the person.")
    if given is Consent.GivenBy.CARER and not best_interests:
        problems["best_interests"] = _(
            "Say why it is in their best interests. A carer cannot agree for an adult; it is decided "
            "with them."
        )
    if given is Consent.GivenBy.PARENT:
        band = person.age_band_on(timezone.localdate())
        if band not in (None, AgeBand.UNDER_18):
            problems["given_by"] = _("They are an adult: a parent cannot agree for them.")
    if problems:
        raise ValidationError(problems)


@transaction.atomic
def withdraw_consent(
    *, person: Person, organisation: Organisation, purpose: str, how: str, by: Actor
) -> Consent:
    """Write down that somebody no longer agrees. Raises :class:`NothingToWithdraw`.

    The person may do it themselves: ``by`` is then their own user, or a ``SystemJob`` for a page of
    theirs that has made sure of who they are; ``how`` is online.

    Sends ``members.signals.consent_withdrawn`` in the same transaction, so that an app above can stop
    what depended on it and tell the receiver.
    """
    person = Person.objects.select_for_update().get(pk=person.pk, erased_at=None)
    themselves = isinstance(by, SystemJob) or by.pk == person.user_id
    if not isinstance(by, SystemJob) and not themselves:
        check(by, Permission.CONSENT_WITHDRAW, person)
    given = (
        Consent.objects.of(person)
        .filter(
            purpose=purpose, organisation=organisation, withdraws=None, withdrawals__isnull=True
        )
        .order_by("-at", "-recorded_at")
        .first()
    )
    if given is None or not Consent.objects.allows(person, purpose, organisation):
        raise NothingToWithdraw(_("They had not agreed to this, or have taken it back already."))
    now = timezone.now()
    withdrawal = Consent.objects.create(
        person=person,
        organisation=organisation,
        purpose=purpose,
        categories=given.categories,
        how=how,
        wording=given.wording,
        at=now,
        recorded_at=now,
        withdraws=given,
        recorded_by=by if isinstance(by, User) and not themselves else None,
    )
    record(
        CONSENT_WITHDRAWN,
        by=by,
        subject=person.id,
        organisation=organisation.id,
        details={"purpose": str(purpose), "consent": withdrawal.id},
    )
    consent_withdrawn.send(sender=Consent, withdrawal=withdrawal, by=by)
    return withdrawal
