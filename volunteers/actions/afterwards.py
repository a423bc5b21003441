"""When the help was given: a token of the membership, and the person's own word on whether it helped."""

from __future__ import annotations

import contextlib
from datetime import timedelta
from uuid import uuid5

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dcsn.accounts.models import User
from dcsn.audit import Actor, record
from members import tokens
from members.refusals import Refused as MembersRefused
from volunteers.access import is_persons_own, party_to_request
from volunteers.actions.help import FOLLOW_UP_AFTER, ask_for_help, locked
from volunteers.events import HELP_ANSWERED, HELP_CHANGED
from volunteers.models import NOT_HELPED, Answer, HelpRequest
from volunteers.refusals import NotPossible, ReasonMissing
from volunteers.states import HelpState, Party

# What triage had found out that it takes, kept when it is asked anew.
_TAKES = ("checks_needed", "dbs_level", "minimum_age", "needs_driver", "from_home")


def settle_membership(help_request: HelpRequest, *, by: Actor) -> bool:
    """The one place where a finished request calls down to membership: a token for the task, where the
    person wished to use one. Nobody who has none is helped any less, and one request takes one token.

    :returns: whether a token stands for this request. What membership knows of it is an id, nothing else.
    """
    person = help_request.person
    if person is None or not help_request.with_token or not tokens.are_on():
        return False
    with contextlib.suppress(MembersRefused):
        tokens.spend_token(person=person, reference=f"help-request:{help_request.pk}", by=by)
        return True
    return False


@transaction.atomic
def record_how_it_went(
    *, help_request: HelpRequest, answer: str, by: Actor, words: str = ""
) -> HelpRequest:
    """Whether the person got the help: in their own word, or written down by staff who asked them.

    After "no" or "some of it" somebody gets in touch: it has a day, like every other promise. Staff may put
    an answer right; the person's own answer is given once.

    :param by: the person, staff, or the ``SystemJob`` of their link.
    """
    current = locked(help_request)
    party = Party.PERSON
    if isinstance(by, User):
        party = party_to_request(by, current, taking=True)
    if current.state != HelpState.DONE:
        raise NotPossible(_("This is asked when the help has been given."))
    if answer not in Answer.values or (answer == Answer.NOT_REACHED and party is Party.PERSON):
        raise ReasonMissing(_("Choose an answer."))
    if current.answer == answer:
        return current
    if current.answer and current.answer != Answer.NOT_REACHED and party is Party.PERSON:
        raise NotPossible(_("You have answered this. Ring us if something is not right."))
    current.answer, current.answer_words = answer, words.strip()[:300]
    current.answered_at = timezone.now()
    current.follow_up_on = (
        timezone.localdate() + timedelta(days=FOLLOW_UP_AFTER) if answer in NOT_HELPED else None
    )
    current.version += 1
    current.save()
    record(
        HELP_ANSWERED,
        by=by,
        subject=current.person_id,
        organisation=current.organisation_id,
        details={"help_request": current.pk, "answer": str(answer), "party": str(party)},
    )
    return current


@transaction.atomic
def settle_not_helped(
    *, help_request: HelpRequest, by: Actor, ask_anew: bool
) -> HelpRequest | None:
    """Somebody was in touch with a person who did not get the help: nothing more is owed, or what they
    asked for is looked for anew.

    What it takes (checks, age, a car, interests) is kept: triage says it again, or otherwise.

    :returns: the new request; the same one when it is said twice.
    """
    current = locked(help_request)
    party = party_to_request(by, current)
    if party is Party.PERSON or (isinstance(by, User) and is_persons_own(by, current.person)):
        raise PermissionDenied
    if current.answer not in NOT_HELPED or current.person is None:
        raise NotPossible(_("Nothing is owed for this request."))
    if current.follow_up_on is not None:
        current.follow_up_on = None
        current.version += 1
        current.save()
        record(
            HELP_CHANGED,
            by=by,
            subject=current.person_id,
            organisation=current.organisation_id,
            details={"help_request": current.pk},
            fields=["follow_up_on"],
        )
    if not ask_anew:
        return None
    again = ask_for_help(
        person=current.person,
        organisation=current.organisation,
        kind=current.kind,
        what=current.what,
        channel=HelpRequest.Channel.PHONE,
        by=by,
        key=uuid5(current.key, "again"),
        minutes=current.minutes,
        when_words=current.when_words,
        languages=current.languages,
        gender_preference=current.gender_preference,
        preference_reason=current.preference_reason,
    )
    if again.triaged_at is None and again.state == HelpState.ASKED:
        for name in _TAKES:
            setattr(again, name, getattr(current, name))
        again.save(update_fields=_TAKES)
        again.interests.set(current.interests.all())
    return again
