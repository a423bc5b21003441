"""Closing the loop: asking the person, writing down what they said, dealing with help that did not come.

``record_answer`` is the one way in which the person's word gets onto a referral. A try that is not
answered is a row; three of them, in two ways, before anybody may say that the person could not be reached.
"""

from __future__ import annotations

import contextlib
import logging
from collections import Counter
from datetime import date, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from dcsn.access import Permission, can
from dcsn.access.decision import PermissionDenied
from dcsn.accounts.models import User
from dcsn.audit import Actor, SystemJob, record
from dcsn.messages import Recipient, queue_message
from dcsn.messages.adapters import is_offered
from dcsn.messages.refusals import ChannelNotOffered
from members.actions.people import withdraw_consent
from members.models import Consent, ContactBy, Purpose, SafetyFlag
from members.refusals import NothingToWithdraw
from referrals import asking
from referrals.access import parties_of
from referrals.actions.moving import locked, may_be_asked
from referrals.events import (
    REFERRAL_ANSWERED,
    REFERRAL_SETTLED,
    REFERRAL_TRIED,
    SIGNPOST_ANSWERED,
)
from referrals.models import Attempt, FollowUp, PersonalLink, Referral, Signpost
from referrals.refusals import FinishedAlready, NotPossible, Refused
from referrals.states import ANSWERS, NOT_HELPED, Loop, Party
from referrals.working_days import add_working_days

logger = logging.getLogger(__name__)

ASKING = SystemJob("asking how it went")
TRIES_NEEDED, WAYS_NEEDED = 3, 2
LINK_LASTS = timedelta(days=60)
# How long an answer may take before somebody tries again, in working days.
PATIENCE: dict[str, int] = {
    Attempt.Way.PHONE: 2,
    Attempt.Way.IN_PERSON: 2,
    Attempt.Way.SMS: 4,
    Attempt.Way.EMAIL: 5,
    Attempt.Way.LETTER: 10,
}
# How an answer can come, besides the ways in which one asks.
VIA_LINK, VIA_SIGNED_IN = "link", "signed-in"
VIA = frozenset({*Attempt.Way.values, VIA_LINK, VIA_SIGNED_IN})
ANSWERED_BY_PERSON = frozenset({FollowUp.AnsweredBy.PERSON, FollowUp.AnsweredBy.CARER})


@transaction.atomic
def record_answer(
    *,
    follow_up: FollowUp,
    answer: str,
    answered_by: str,
    via: str,
    by: Actor,
    helpfulness: int | None = None,
    words: str = "",
    correcting: bool = False,
) -> FollowUp:
    """Write down whether the person got the help.

    The person's answer, or their carer's, closes a referral that has ended; the newest counts, and each
    stays with its own asking. What the organisation says is kept until the person has spoken and closes
    nothing. "No" and "some" make the matter the hub's again.

    :param by: staff; the person's own user; or a ``SystemJob`` for a link, whose view has checked it.
    :param correcting: staff put right what was written down before.
    :raises FinishedAlready: it has been answered, and this is no correction.
    """
    if answer not in ANSWERS or answered_by not in FollowUp.AnsweredBy.values or via not in VIA:
        raise Refused(_("Choose what they said."))
    referral, current = _locked(follow_up)
    _check_asks(by, referral)
    if current.state == FollowUp.State.ANSWERED and not correcting:
        raise FinishedAlready(_("This has been answered already."))
    if current.state == FollowUp.State.NOT_ASKED:
        raise NotPossible(_("This is not to be asked any more."))
    by_person = answered_by in ANSWERED_BY_PERSON
    if current.state == FollowUp.State.ANSWERED and not by_person:
        raise FinishedAlready(_("The person has answered themselves."))
    now = timezone.now()
    if isinstance(by, User) and by_person and via in (Attempt.Way.PHONE, Attempt.Way.IN_PERSON):
        Attempt.objects.create(
            follow_up=current, way=via, result=Attempt.Result.ANSWERED, by=by, at=now
        )
    current.answer, current.answered_by = answer, answered_by
    current.answered_at, current.answered_via = now, via
    current.helpfulness, current.words = helpfulness, words.strip()
    current.asked_by = by if isinstance(by, User) and by.pk != _own_user(referral) else None
    if by_person:
        current.state = FollowUp.State.ANSWERED
    current.full_clean(exclude=["referral", "asked_by"])
    current.save()
    if by_person:
        _end_links(current)
        _close(referral, answer)
    record(
        REFERRAL_ANSWERED,
        by=by,
        subject=referral.person_id,
        organisation=referral.requester_id,
        details={
            "referral": referral.id,
            "answer": str(answer),
            "days": current.after_days,
            "answered_by": str(answered_by),
            "via": str(via),
        },
    )
    return current


@transaction.atomic
def record_attempt(
    *,
    follow_up: FollowUp,
    way: str,
    result: str,
    by: Actor,
    message: UUID | None = None,
    again_on: date | None = None,
) -> Attempt:
    """Write down one try to ask. "Asked not to be contacted" ends the asking, here and for all their
    other referrals from this access point.

    :param again_on: the day that they named, or that suits; else after a fitting pause.
    """
    referral, current = _locked(follow_up)
    _check_asks(by, referral)
    _check_open(current)
    today = timezone.localdate()
    attempt = Attempt(
        follow_up=current,
        way=way,
        result=result,
        by=by if isinstance(by, User) else None,
        message=message,
    )
    attempt.full_clean(exclude=["follow_up", "by"])
    attempt.save(force_insert=True)
    # After a wrong number another way is tried at once.
    pause = 0 if result == Attempt.Result.WRONG_DETAILS else PATIENCE[way]
    current.next_try_on = (
        max(again_on or today, today) if again_on else add_working_days(today, pause)
    )
    current.state = FollowUp.State.WAITING
    current.save(update_fields=["next_try_on", "state"])
    record(
        REFERRAL_TRIED,
        by=by,
        subject=referral.person_id,
        organisation=referral.requester_id,
        details={"referral": referral.id, "way": str(way), "result": str(result)},
    )
    if result == Attempt.Result.REFUSED:
        _refused(referral, by)
    return attempt


@transaction.atomic
def give_up_asking(*, follow_up: FollowUp, by: User) -> FollowUp:
    """They could not be reached: only after three tries, in two ways.

    :raises NotPossible: before that; the text says what is missing.
    """
    referral, current = _locked(follow_up)
    _check_asks(by, referral)
    _check_open(current)
    missing = asking.missing_tries(current.attempts.all())
    if missing:
        raise NotPossible(missing)
    current.state = FollowUp.State.COULD_NOT_REACH
    current.save(update_fields=["state"])
    _end_links(current)
    # What they said at an earlier asking still stands.
    if referral.loop == Loop.AWAITING_PERSON:
        _close(referral, Loop.COULD_NOT_REACH)
    record(
        REFERRAL_ANSWERED,
        by=by,
        subject=referral.person_id,
        organisation=referral.requester_id,
        details={
            "referral": referral.id,
            "answer": str(Loop.COULD_NOT_REACH),
            "days": current.after_days,
        },
    )
    return current


@transaction.atomic
def ask_by(*, follow_up: FollowUp, way: str, by: Actor) -> Attempt:
    """Put the question into the outbox, with a personal link, by letter, e-mail or text message.

    :raises NotPossible: when they may not be asked, or not in this way.
    """
    referral, current = _locked(follow_up)
    _check_asks(by, referral)
    _check_open(current)
    person = referral.person
    if person is None or not may_be_asked(referral):
        raise NotPossible(_("They asked not to be contacted."))
    address = asking.address_for(person, way)
    if not address:
        raise NotPossible(_("No address or number is known for this way."))
    link = PersonalLink.objects.create(
        kind=PersonalLink.Kind.ANSWER,
        person=person,
        follow_up=current,
        made_by=by if isinstance(by, User) else None,
        expires_at=timezone.now() + LINK_LASTS,
    )
    subject, body = asking.words_for(way, referral=referral, link=link)
    try:
        message = queue_message(
            channel=Attempt.CHANNELS[Attempt.Way(way)],
            key=f"asked:{link.id}",
            to=Recipient(person.name, address),
            subject=subject,
            body=body,
            by=by,
            about=person.id,
            organisation=referral.requester_id,
        )
    except ChannelNotOffered as refusal:
        raise NotPossible(_("This portal does not send text messages.")) from refusal
    return record_attempt(
        follow_up=current, way=way, result=Attempt.Result.SENT, by=by, message=message.id
    )


def ask_those_due(*, today: date | None = None, at_most: int = 500) -> Counter[str]:
    """Ask once, by itself, those who chose letters, e-mail or text messages; stop for those who said no.

    Whoever has a note about safe contact is left to staff, who read it first. So is everybody who was
    asked and did not answer. Safe to run twice at once.
    """
    today = today or timezone.localdate()
    done: Counter[str] = Counter()
    due = list(
        FollowUp.objects.due(today)
        .filter(state=FollowUp.State.DUE)
        .exclude(Exists(Attempt.objects.filter(follow_up=OuterRef("pk"))))
        .exclude(referral__person__contact_by__in=["", ContactBy.PHONE])
        .order_by("next_try_on", "id")
        .values_list("pk", flat=True)[:at_most]
    )
    for follow_up_id in due:
        try:
            with transaction.atomic():
                done[_ask_once(follow_up_id)] += 1
        except Exception:
            logger.exception("A question could not be sent", extra={"kind": "follow-up"})
            done["failed"] += 1
    done.pop("", None)
    return done


def _ask_once(follow_up_id: UUID) -> str:
    referral = (
        Referral.objects.select_for_update(skip_locked=True, of=("self",))
        .select_related("person", "requester", "service")
        .filter(follow_ups=follow_up_id)
        .first()
    )
    if referral is None or referral.person is None:
        return ""
    current = FollowUp.objects.select_for_update().get(pk=follow_up_id)
    if current.state != FollowUp.State.DUE or current.attempts.exists():
        return ""
    person = referral.person
    if not may_be_asked(referral):
        stop_asking(person_id=person.id, organisation_id=referral.requester_id)
        return "stopped"
    way = asking.way_chosen(person)
    if (
        way is None
        or person.safe_contact_note
        or SafetyFlag.objects.in_force()
        .filter(person=person, kind__in=SafetyFlag.ON_CONTACT)
        .exists()
        or not is_offered(Attempt.CHANNELS[way])
        or not asking.address_for(person, way)
    ):
        return ""
    ask_by(follow_up=current, way=way, by=ASKING)
    return str(way)


def stop_asking(*, person_id: UUID, organisation_id: UUID) -> int:
    """They do not want to be asked: every question of this access point that is still open ends."""
    open_ones = FollowUp.objects.open().filter(
        referral__person=person_id, referral__requester=organisation_id
    )
    referrals = set(open_ones.values_list("referral_id", flat=True))
    rows = list(
        Referral.objects.select_for_update(of=("self",)).filter(pk__in=referrals).order_by("pk")
    )
    PersonalLink.objects.filter(
        follow_up__referral__in=referrals, follow_up__state__in=FollowUp.OPEN, ended_at=None
    ).update(ended_at=timezone.now())
    stopped = open_ones.update(state=FollowUp.State.NOT_ASKED)
    for referral in rows:
        if referral.loop == Loop.AWAITING_PERSON:
            _close(referral, Loop.ASKED_NOT_TO_BE_CONTACTED)
    return stopped


def stop_after_withdrawal(*, withdrawal: Consent, by: Actor, **_signal: object) -> None:
    """Connected to ``members.signals.consent_withdrawn``."""
    if withdrawal.purpose == Purpose.CONTACT:
        stop_asking(person_id=withdrawal.person_id, organisation_id=withdrawal.organisation_id)


@transaction.atomic
def record_signpost_answer(*, signpost: Signpost, answer: str, by: User) -> Signpost:
    """What somebody said who had agreed to be asked about a service that they were told of."""
    allowed = (*ANSWERS, Loop.COULD_NOT_REACH, Loop.ASKED_NOT_TO_BE_CONTACTED)
    if answer not in allowed:
        raise Refused(_("Choose what they said."))
    current = (
        Signpost.objects.select_for_update(of=("self",))
        .select_related("enquiry")
        .get(pk=signpost.pk)
    )
    if not Signpost.objects.asked_by(by).filter(pk=current.pk).exists():
        raise PermissionDenied
    if current.follow_up != Signpost.FollowUpState.DUE:
        raise FinishedAlready(_("This has been answered already."))
    current.follow_up = Signpost.FollowUpState.DONE
    current.answer, current.answered_at = answer, timezone.now()
    current.save(update_fields=["follow_up", "answer", "answered_at"])
    record(
        SIGNPOST_ANSWERED,
        by=by,
        subject=current.enquiry.person_id,
        organisation=current.enquiry.organisation_id,
        details={"enquiry": current.enquiry_id, "answer": str(answer)},
    )
    return current


@transaction.atomic
def settle_unhelped(*, referral: Referral, by: User, note: str = "") -> Referral:
    """Somebody has dealt with help that did not come. Settling twice changes nothing.

    :param note: what was done, where neither a new referral nor a new enquiry says so.
    """
    current = locked(referral)
    _check_asks(by, current)
    if current.unhelped_since is None:
        raise NotPossible(_("They have not said that help did not come."))
    if current.unhelped_settled_at is not None:
        return current
    current.unhelped_settled_at, current.unhelped_note = timezone.now(), note.strip()[:500]
    current.save(update_fields=["unhelped_settled_at", "unhelped_note"])
    record(
        REFERRAL_SETTLED,
        by=by,
        subject=current.person_id,
        organisation=current.requester_id,
        details={"referral": current.id},
    )
    return current


def _locked(follow_up: FollowUp) -> tuple[Referral, FollowUp]:
    """The referral first, then its asking: the same order everywhere."""
    referral = locked(Referral(pk=follow_up.referral_id))
    return referral, FollowUp.objects.select_for_update().get(pk=follow_up.pk)


def _own_user(referral: Referral) -> UUID | None:
    return referral.person.user_id if referral.person is not None else None


def _check_asks(by: Actor, referral: Referral) -> None:
    if isinstance(by, SystemJob) or by.pk == _own_user(referral):
        return
    if Party.REQUESTER in parties_of(by, referral) and can(by, Permission.FOLLOW_UP_ASK):
        return
    raise PermissionDenied


def _check_open(follow_up: FollowUp) -> None:
    if follow_up.state == FollowUp.State.ANSWERED:
        raise FinishedAlready(_("They have answered already."))
    if follow_up.state not in FollowUp.OPEN:
        raise NotPossible(_("This is not to be asked any more."))


def _refused(referral: Referral, by: Actor) -> None:
    """Their agreement to be asked ends with it, so that nobody asks about the next referral either."""
    person = referral.person
    if person is None:
        return
    themselves = isinstance(by, SystemJob) or by.pk == person.user_id
    with contextlib.suppress(NothingToWithdraw):
        withdraw_consent(
            person=person,
            organisation=referral.requester,
            purpose=Purpose.CONTACT,
            how=Consent.How.ONLINE if themselves else Consent.How.SPOKEN,
            by=by,
        )
    stop_asking(person_id=person.id, organisation_id=referral.requester_id)


def _end_links(follow_up: FollowUp) -> None:
    PersonalLink.objects.filter(follow_up=follow_up, ended_at=None).update(ended_at=timezone.now())


def _close(referral: Referral, loop: str) -> None:
    """The two facts together close a referral: it has ended, and this is the person's word."""
    now = timezone.now()
    referral.loop = loop
    if referral.is_final and referral.closed_at is None:
        referral.closed_at = now
    if loop in NOT_HELPED:
        if referral.unhelped_since is None or referral.unhelped_settled_at is not None:
            referral.unhelped_since, referral.unhelped_settled_at = now, None
            referral.unhelped_note = ""
    elif loop in ANSWERS and referral.unhelped_since and not referral.unhelped_settled_at:
        # They got it after all, or need it no longer.
        referral.unhelped_settled_at = now
    referral.version += 1
    referral.full_clean(exclude=["person", "service", "requester", "owner", "enquiry", "consent"])
    referral.save()
