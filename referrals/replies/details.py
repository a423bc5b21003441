"""What a receiver may see of the person: never more than was agreed to, and nothing once it has ended."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from members.models import (
    Category,
    Consent,
    Person,
    Purpose,
    Relationship,
    SafetyFlag,
    SharingAgreement,
)
from members.models.person import age_on
from referrals.models import Referral


@dataclass(frozen=True)
class Detail:
    """One line of the page or the letter."""

    category: str
    label: str | Promise
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Shown:
    """What may be shown now, or in ``why_not`` the reason that nothing may."""

    details: tuple[Detail, ...] = ()
    categories: frozenset[str] = frozenset()
    why_not: str = ""


def shown(referral: Referral) -> Shown:
    """What the receiver may see of this referral's person today.

    Of what was put into the referral, that which the person still agrees to and the agreement between
    the organisations covers. Nothing before it was sent and nothing after it has ended.
    """
    if referral.person is None or referral.person.erased_at is not None:
        return Shown(why_not=_("The person's details are no longer kept."))
    if not referral.is_open:
        return Shown(
            why_not=_("This referral has ended, so the person's details are no longer shown here.")
        )
    categories = frozenset(str(one) for one in referral.categories)
    if referral.basis == Referral.Basis.CONSENT:
        categories &= Consent.objects.categories_allowed(
            referral.person, Purpose.SHARE, referral.owner
        )
        if not categories:
            return Shown(why_not=_("The person no longer agrees that you get their details."))
    if referral.owner_id != referral.requester_id:
        agreement = SharingAgreement.objects.in_force(referral.owner, timezone.localdate())
        if agreement is None:
            return Shown(
                why_not=_(
                    "There is no data-sharing agreement in force between your organisation and the "
                    "network at the moment, so the person's details cannot be shown."
                )
            )
        categories &= frozenset(agreement.categories)
    return Shown(details=tuple(_details(referral, categories)), categories=categories)


def _details(referral: Referral, categories: frozenset[str]) -> Iterator[Detail]:
    person = referral.person
    if person is None:
        return
    for category in Category:
        if category.value not in categories:
            continue
        for label, lines in _OF[category](referral, person):
            said = tuple(line for line in lines if line)
            if said:
                yield Detail(category.value, label, said)


_Lines = Iterator[tuple[str, list[str]]]


def _name(referral: Referral, person: Person) -> _Lines:
    yield _("Name"), [person.name]
    if person.known_as and person.known_as != person.name:
        yield _("Likes to be called"), [person.known_as]


def _address(referral: Referral, person: Person) -> _Lines:
    yield _("Address"), person.address_lines


def _contact(referral: Referral, person: Person) -> _Lines:
    yield _("Phone"), [person.phone, person.other_phone]
    yield _("E-mail"), [person.email]
    yield _("Would rather be reached by"), [str(person.get_contact_by_display())]


def _age(referral: Referral, person: Person) -> _Lines:
    if person.date_of_birth is not None:
        age = age_on(person.date_of_birth, timezone.localdate())
        years = ngettext("%(age)d year old", "%(age)d years old", age) % {"age": age}
        born = date_format(person.date_of_birth, "j F Y")
        yield _("Age"), [_("%(years)s, born %(day)s") % {"years": years, "day": born}]
    else:
        yield _("Age"), [str(person.get_age_band_display())]


def _formats(referral: Referral, person: Person) -> _Lines:
    labels = dict(Person._meta.get_field("formats").base_field.flatchoices)  # type: ignore[union-attr]
    lines = [str(labels[one]) for one in person.formats if one in labels]
    if person.interpreter_language:
        lines.append(_("Language: %(name)s") % {"name": person.interpreter_language})
    yield _("Needs information as"), lines


def _safety(referral: Referral, person: Person) -> _Lines:
    yield _("Before you contact them"), [person.safe_contact_note]


def _needs(referral: Referral, person: Person) -> _Lines:
    yield _("What is asked for"), [referral.reason_text]


def _circle(referral: Referral, person: Person) -> _Lines:
    if person.lives_alone == "yes":
        yield _("Lives with"), [_("Lives alone")]
    elif person.household_id is not None:
        others = _without_those_hiding(
            Person.objects.known().filter(household=person.household_id).exclude(pk=person.pk)
        )
        yield _("Lives with"), [other.name for other in others.order_by("sort_key")]
    if person.is_carer == "yes":
        yield _("Caring"), [_("Looks after somebody without being paid")]
    ties = [tie for tie in Relationship.objects.ties_of(person) if not tie.is_over]
    named = set(
        _without_those_hiding(
            Person.objects.filter(pk__in=[tie.other.pk for tie in ties])
        ).values_list("pk", flat=True)
    )
    yield (
        _("Belongs to them"),
        [f"{tie.words}: {tie.other.name}" for tie in ties if tie.other.pk in named],
    )


def _without_those_hiding(others: QuerySet[Person]) -> QuerySet[Person]:
    """This person agreed for themselves: not to say where somebody is who hides from somebody."""
    in_danger = SafetyFlag.objects.in_force().filter(
        person=OuterRef("pk"), kind=SafetyFlag.Kind.DOMESTIC_ABUSE
    )
    return others.filter(~Exists(in_danger))


def _emergency(referral: Referral, person: Person) -> _Lines:
    for contact in person.emergency_contacts.all():
        who = f"{contact.name} ({contact.relationship})" if contact.relationship else contact.name
        yield _("In an emergency"), [who, contact.phone, contact.note]


def _earlier(referral: Referral, person: Person) -> _Lines:
    """Which services they were referred to before by this access point; not why, nor what came of it."""
    before = (
        Referral.objects.filter(
            person=person, requester=referral.requester_id, requested_at__lt=referral.requested_at
        )
        .counted()
        .exclude(service__service_at_locations__location__is_confidential=True)
        # Made to protect somebody: the person does not know of it, so nobody else learns of it here.
        .exclude(basis=Referral.Basis.SAFEGUARDING)
        .select_related("service")
        .order_by("-requested_at")[:10]
    )
    yield (
        _("Help before this"),
        [
            f"{row.service.name}, {date_format(row.requested_at, 'F Y')}"
            for row in before
            if row.requested_at
        ],
    )


_OF: dict[str, Callable[[Referral, Person], _Lines]] = {
    Category.NAME: _name,
    Category.ADDRESS: _address,
    Category.CONTACT: _contact,
    Category.AGE: _age,
    Category.FORMATS: _formats,
    Category.SAFETY: _safety,
    Category.NEEDS: _needs,
    Category.CIRCLE: _circle,
    Category.EMERGENCY: _emergency,
    Category.EARLIER: _earlier,
}
