"""What became of a referral, as sentences for whoever sent it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from referrals.models import Referral, StateChange
from referrals.states import Party, Reason, State, Via

_SAID: dict[str, Any] = {
    State.DRAFT: gettext_lazy("%(who)s prepared it"),
    State.REQUESTED: gettext_lazy("%(who)s sent it"),
    State.RECEIVED: gettext_lazy("%(who)s has seen it"),
    State.ACCEPTED: gettext_lazy("%(who)s accepted it"),
    State.IN_PROGRESS: gettext_lazy("%(who)s began to help"),
    State.ON_HOLD: gettext_lazy("%(who)s put it on a waiting list"),
    State.COMPLETED: gettext_lazy("%(who)s says that it is finished"),
    State.FAILED: gettext_lazy("%(who)s could not do it"),
    State.REJECTED: gettext_lazy("%(who)s turned it down"),
    State.CANCELLED: gettext_lazy("%(who)s cancelled it"),
    State.ENTERED_IN_ERROR: gettext_lazy("%(who)s marked it as entered by mistake"),
}


@dataclass(frozen=True)
class Sentence:
    at: datetime
    words: str
    # Why, in the words of whoever said it.
    detail: str = ""


def history_of(referral: Referral) -> list[Sentence]:
    """Every step, the last one first; one query."""
    rows = referral.changes.select_related("by_organisation", "by_user", "recorded_by")
    return [sentence_of(row) for row in rows.order_by("-number")]


def sentence_of(change: StateChange) -> Sentence:
    words = str(_SAID[change.to_state]) % {"who": _who(change)}
    details = []
    if change.reason_code:
        details.append(str(Reason(change.reason_code).label))
    if change.reason_text:
        details.append(change.reason_text)
    if change.expected_on:
        day = date_format(change.expected_on, "l j F Y")
        details.append(
            _("First visit: %(day)s") % {"day": day}
            if change.to_state == State.ACCEPTED
            else _("Expected: %(day)s") % {"day": day}
        )
    how = _how(change)
    return Sentence(change.at, f"{words} {how}".strip(), ". ".join(details))


def _who(change: StateChange) -> str:
    if change.via == Via.SYSTEM and change.reason_code == Reason.CONSENT_WITHDRAWN:
        return _("The portal, because they no longer agree,")
    organisation = change.by_organisation.name if change.by_organisation else ""
    person = change.by_name or (change.by_user.name if change.by_user else "")
    if change.party == Party.REQUESTER and person:
        return person
    return f"{organisation} ({person})" if person and organisation else organisation or person


def _how(change: StateChange) -> str:
    if change.via in (Via.PHONE, Via.SLIP):
        noted = change.recorded_by.name if change.recorded_by else ""
        how = str(Via(change.via).label)
        return (
            _("%(how)s (written down by %(name)s)") % {"how": how, "name": noted} if noted else how
        )
    return str(Via.LINK.label) if change.via == Via.LINK else ""


def say_states(referrals: Iterable[Referral]) -> list[tuple[Referral, str]]:
    """Each with its state in plain words, for a list."""
    return [(one, state_in_words(one)) for one in referrals]


def state_in_words(referral: Referral) -> str:
    """Where it is now, as one would say it on the phone."""
    owner = referral.owner.name
    if referral.state == State.DRAFT:
        return _("Not sent yet: the person has still to be asked.")
    if referral.state == State.REQUESTED:
        return _("Sent to %(owner)s; no answer yet.") % {"owner": owner}
    if referral.state == State.RECEIVED:
        return _("%(owner)s has seen it and not answered yet.") % {"owner": owner}
    if referral.state == State.ACCEPTED and referral.first_contact_on:
        return _("%(owner)s has accepted it; first visit on %(day)s.") % {
            "owner": owner,
            "day": date_format(referral.first_contact_on, "l j F Y"),
        }
    if referral.state == State.ON_HOLD and referral.expected_on:
        return _("On the waiting list of %(owner)s, until about %(day)s.") % {
            "owner": owner,
            "day": date_format(referral.expected_on, "j F Y"),
        }
    words: dict[str, str] = {
        State.ACCEPTED: _("%(owner)s has accepted it."),
        State.IN_PROGRESS: _("%(owner)s is helping."),
        State.ON_HOLD: _("On the waiting list of %(owner)s."),
        State.COMPLETED: _("%(owner)s says that it is finished."),
        State.FAILED: _("%(owner)s could not do it."),
        State.REJECTED: _("%(owner)s turned it down."),
        State.CANCELLED: _("Cancelled."),
        State.ENTERED_IN_ERROR: _("Entered by mistake: it is in no count."),
    }
    said = words[referral.state] % {"owner": owner}
    if referral.status_reason:
        said = f"{said} {Reason(referral.status_reason).label}."
    return said
