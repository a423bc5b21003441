"""With whom a volunteer has to do: organisations that they agreed may see them, and no longer."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dcsn.audit import Actor, record
from directory.models import Organisation
from volunteers.access import party_to_volunteer
from volunteers.actions.volunteers import locked
from volunteers.events import VOLUNTEER_SHARED, VOLUNTEER_STANDING_ENDED
from volunteers.models import Application, Volunteer, VolunteerPlace
from volunteers.refusals import NotPossible, ParentNeeded, ReasonMissing
from volunteers.rules import may_be_contacted


@transaction.atomic
def share_volunteer(
    *, volunteer: Volunteer, organisation: Organisation, how: str, by: Actor
) -> VolunteerPlace:
    """The volunteer agrees that another organisation may see them.

    :param how: how they agreed ("on the phone, 3 March"); never empty.
    """
    current = locked(volunteer)
    party_to_volunteer(by, current)
    if not how.strip():
        raise ReasonMissing(_("Ask the volunteer first, and say how they agreed."))
    if not may_be_contacted(current):
        raise ParentNeeded(_("Under 16: a parent must confirm before anybody gets in touch."))
    place, created = VolunteerPlace.objects.get_or_create(
        volunteer=current,
        organisation=organisation,
        ended_at=None,
        defaults={
            "standing": VolunteerPlace.Standing.SHARED,
            "agreed_at": timezone.now(),
            "agreed_how": how.strip()[:100],
        },
    )
    if created:
        record(
            VOLUNTEER_SHARED,
            by=by,
            subject=current.person_id,
            organisation=organisation.pk,
            details={"volunteer": current.pk, "with": organisation.pk},
        )
    return place


@transaction.atomic
def end_standing(*, volunteer: Volunteer, organisation: Organisation, by: Actor) -> None:
    """They no longer have to do with this organisation, which no longer sees them.

    :raises NotPossible: as long as they have a place in a role of theirs, or ask for one: nobody is expected
        by people who cannot see them.
    """
    current = locked(volunteer)
    party_to_volunteer(by, current)
    held = current.applications.filter(
        opportunity__organisation=organisation,
        outcome__in=[Application.Outcome.WAITING, Application.Outcome.PLACED],
    )
    if (role := held.select_related("opportunity").order_by("applied_at").first()) is not None:
        raise NotPossible(
            _("They have or ask for a place in “%(role)s”. End that first.")
            % {"role": role.opportunity.name}
        )
    ended = (
        VolunteerPlace.objects.current()
        .filter(volunteer=current, organisation=organisation)
        .update(ended_at=timezone.now())
    )
    if ended:
        record(
            VOLUNTEER_STANDING_ENDED,
            by=by,
            subject=current.person_id,
            organisation=organisation.pk,
            details={"volunteer": current.pk, "with": organisation.pk},
        )
