"""Further suggestions for who was redirected, and one of them taken up."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from dcsn.accounts.models import User
from dcsn.audit import Actor, record
from volunteers.access import party_to_volunteer
from volunteers.actions.volunteers import (
    Suggestion,
    locked,
    renew_next_step,
    write_suggestions,
)
from volunteers.events import VOLUNTEER_REDIRECTED
from volunteers.models import Redirection, Volunteer
from volunteers.refusals import NotPossible, SuggestionMissing
from volunteers.states import VolunteerState


@transaction.atomic
def suggest_more(
    *, volunteer: Volunteer, suggestions: Sequence[Suggestion], by: Actor
) -> list[Redirection]:
    """What was suggested did not suit: suggest something else, and ask again on another day.

    What stands on their list already is not written twice.

    :raises SuggestionMissing: without at least one role or organisation.
    :raises NotPossible: for whoever is not *redirected*.
    """
    given = [one for one in suggestions if one.opportunity or one.organisation]
    if not given:
        raise SuggestionMissing(_("Suggest at least one role or organisation."))
    current = locked(volunteer)
    party_to_volunteer(by, current)
    if current.state != VolunteerState.REDIRECTED:
        raise NotPossible(_("They are not looking for another role at the moment."))
    there = {
        (row.opportunity_id, row.organisation_id)
        for row in current.redirections.filter(taken_up_at=None)
    }
    fresh = [
        one
        for one in given
        if (one.opportunity and one.opportunity.pk, one.organisation and one.organisation.pk)
        not in there
    ]
    if not fresh:
        return []
    rows = write_suggestions(current, fresh, by if isinstance(by, User) else None)
    renew_next_step(current, by)
    record(
        VOLUNTEER_REDIRECTED,
        by=by,
        subject=current.person_id,
        organisation=current.organisation_id,
        details={"volunteer": current.pk, "suggestions": len(rows)},
    )
    return rows
