"""An application arrives: online, on paper or with staff, each one transaction and with one key."""

from __future__ import annotations

from uuid import UUID

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from dcsn.audit import Actor, SystemJob
from dcsn.messages import Channel, Recipient, queue_message
from directory.models import Organisation
from directory.structured_data import absolute
from members.actions.people import add_person
from members.models import Person
from volunteers.actions.applications import apply
from volunteers.actions.parents import ask_parent
from volunteers.actions.policies import agree_policy
from volunteers.actions.volunteers import register_interest
from volunteers.becoming.telling import tell_application_arrived
from volunteers.models import (
    Application,
    Availability,
    EmergencyContact,
    Interest,
    Opportunity,
    ParentConfirmation,
    Volunteer,
)
from volunteers.opportunities.apply_form import ApplyForm, windows

# A visitor at the website's form, and a parent with their link, in the audit trail.
APPLY_FORM = SystemJob("volunteer form")
PARENT_LINK = SystemJob("parent link")


def take_application(
    *,
    form: ApplyForm,
    role: Opportunity,
    by: Actor,
    route: str,
    how: str,
    person: Person | None = None,
) -> Application:
    """Write down an application, and the person where they are new. The same ``key`` is the same one.

    :param person: who they are, where they are signed in as themselves or staff chose a volunteer whom
        they see. Everybody else is recorded anew: nobody is matched by what they typed, since the answer
        would tell a stranger who is known here (docs/decisions/0069).
    :param how: how they agreed to the policies.
    :raises Refused: when the role is no longer open.
    """
    key: UUID = form.cleaned_data["key"]
    known = Application.objects.filter(key=key).first()
    if known is not None:
        return known
    try:
        with transaction.atomic():
            return _take(form, role, by, route, how, person, key)
    except IntegrityError:
        # The same form at the same moment: whoever came second finds what the first one made.
        known = Application.objects.filter(key=key).first()
        if known is None:
            raise
        return known


def _take(
    form: ApplyForm,
    role: Opportunity,
    by: Actor,
    route: str,
    how: str,
    person: Person | None,
    key: UUID,
) -> Application:
    if person is None:
        person = add_person(organisation=role.organisation, by=by, **form.who)
    is_new = not Volunteer.objects.of_person(person).filter(anonymised_at=None).exists()
    application = apply(
        person=person,
        opportunity=role,
        by=by,
        route=route,
        why=form.cleaned_data.get("why", ""),
        facts=form.facts,
    )
    if application.key is None:
        application.key = key
        application.save(update_fields=["key"])
    _besides(application.volunteer, role, form, is_new, how, by)
    tell_application_arrived(application, by=by)
    return application


@transaction.atomic
def take_interest(
    *, form: ApplyForm, organisation: Organisation, by: Actor, route: str, how: str
) -> Volunteer:
    """Write down somebody who would like to volunteer and has chosen no role yet."""
    person = add_person(organisation=organisation, by=by, **form.who)
    volunteer = register_interest(
        person=person, organisation=organisation, by=by, route=route, facts=form.facts
    )
    _besides(volunteer, None, form, True, how, by)
    return volunteer


def _besides(
    volunteer: Volunteer,
    role: Opportunity | None,
    form: ApplyForm,
    is_new: bool,
    how: str,
    by: Actor,
) -> None:
    if is_new:
        _write_besides(volunteer, form)
    for policy in form.policies:
        agree_policy(volunteer=volunteer, policy=policy, how=how, by=by)
    if volunteer.needs_parent(timezone.localdate()) and "parent_name" in form.fields:
        ask_for_parent(
            volunteer=volunteer,
            role=role,
            name=form.cleaned_data["parent_name"],
            email=form.cleaned_data.get("parent_email", ""),
            phone=form.cleaned_data.get("parent_phone", ""),
            by=by,
        )


def _write_besides(volunteer: Volunteer, form: ApplyForm) -> None:
    typed = form.cleaned_data
    volunteer.interests.set(Interest.objects.filter(slug__in=typed["interests"]))
    Availability.objects.bulk_create(
        Availability(volunteer=volunteer, weekday=day, starts=starts, ends=ends)
        for day, starts, ends in windows(typed["free"])
    )
    if typed.get("emergency_name"):
        EmergencyContact.objects.create(
            volunteer=volunteer, name=typed["emergency_name"], phone=typed["emergency_phone"]
        )


@transaction.atomic
def ask_for_parent(
    *,
    volunteer: Volunteer,
    role: Opportunity | None,
    name: str,
    email: str,
    phone: str,
    by: Actor,
) -> ParentConfirmation:
    """Ask the parent by e-mail, where there is an address; else staff ring them. Nobody else is told."""
    confirmation, secret = ask_parent(
        volunteer=volunteer, name=name, email=email, phone=phone, by=by
    )
    if email:
        link = absolute(reverse("volunteers:parent", args=[secret]))
        queue_message(
            channel=Channel.EMAIL,
            key=f"parent:{confirmation.pk}:{confirmation.secret_hash[:16]}",
            to=Recipient(confirmation.name, email),
            subject=_("A young person would like to volunteer: do you agree?"),
            # No name: the address was typed by somebody whom we do not know yet.
            body=_(
                "Somebody under 16 has given us your address as their parent or guardian. They would like "
                "to volunteer: %(role)s.\n\nWe get in touch with them only if you agree. "
                "Please open this page and say yes or no:\n\n%(link)s\n\nIf this is not for you, do "
                "nothing."
            )
            % {"role": role.name if role else _("in a role that suits them"), "link": link},
            by=by,
            about=volunteer.person_id,
            organisation=(role or volunteer).organisation_id,
        )
    return confirmation
