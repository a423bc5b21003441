"""What the enquiry screen shows, put together from the enquiry, what was typed and what was found."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from members.models import Person
from referrals.forms.desk import ASK_USUALLY_AFTER, ChosenForm, HandOverForm
from referrals.forms.enquiries import EnquiryForm
from referrals.history import say_states
from referrals.models import Choice, Enquiry, Referral, Signpost
from referrals.offered import FoundForDesk, Offer, find_for_desk, near_of
from referrals.states import State


@dataclass(frozen=True)
class ChosenService:
    """A service on the enquiry's list."""

    choice: Choice
    form: ChosenForm
    offer: Offer | None
    # Printed or e-mailed already.
    handed: str

    @property
    def is_referral(self) -> bool:
        return self.choice.way == Choice.Way.REFER

    @property
    def may_refer(self) -> bool:
        return self.offer is not None and self.offer.may_refer


@dataclass
class EnquiryPage:
    """One enquiry that is being taken; the template reads nothing else."""

    enquiry: Enquiry
    form: EnquiryForm
    hand_over: HandOverForm
    found: FoundForDesk | None
    chosen: list[ChosenService]
    address: str
    q: str = ""
    near: str = ""
    person_words: str = ""
    people: Any = None
    person_problem: str = ""
    # Somebody who was recorded on a page of their own for this enquiry.
    proposed: Person | None = None
    # The id of what the keyboard goes to.
    focus: str = ""
    # Sentences of a refusal, above everything.
    refusals: list[str] = field(default_factory=list)
    # What somebody else wrote meanwhile, by the fields' labels.
    taken_over: list[str] = field(default_factory=list)
    desks: list[Any] = field(default_factory=list)
    is_saved: bool = False

    @property
    def person(self) -> Person | None:
        return self.enquiry.person

    @property
    def is_new(self) -> bool:
        return self.enquiry._state.adding

    @property
    def to_refer(self) -> list[ChosenService]:
        return [one for one in self.chosen if one.is_referral]

    @property
    def to_tell(self) -> list[ChosenService]:
        return [one for one in self.chosen if not one.is_referral]

    @property
    def finish_words(self) -> str:
        """What the one large button does, in words."""
        if count := len(self.to_refer):
            return ngettext(
                "Ask for their agreement: %(count)s referral",
                "Ask for their agreement: %(count)s referrals",
                count,
            ) % {"count": count}
        if count := len(self.to_tell):
            return ngettext(
                "Finish: told about %(count)s service",
                "Finish: told about %(count)s services",
                count,
            ) % {"count": count}
        return _("Finish: answered")

    @property
    def saved_at(self) -> str:
        return f"{timezone.localtime():%H:%M}" if self.is_saved else ""


def enquiry_page(
    enquiry: Enquiry, *, form: EnquiryForm, address: str, data: Any = None
) -> EnquiryPage:
    """``data``: what was typed beside the enquiry's own facts (search words, notes), if anything was."""
    choices = [] if enquiry._state.adding else list(enquiry.choices.select_related("service"))
    handed = (
        {}
        if enquiry._state.adding or not choices
        else {
            one.service_id: str(one.get_way_display())
            for one in enquiry.signposts.exclude(way=Signpost.Way.TOLD)
        }
    )
    typed = data or {}
    q = typed.get("q", "")
    near = typed.get("near") or near_of(enquiry)
    found, offers = find_for_desk(
        q.strip() or f"{enquiry.words} {enquiry.wants}",
        near,
        desk=enquiry.organisation,
        chosen=[choice.service_id for choice in choices],
    )
    if found is not None:
        ways = {choice.service_id: choice.way for choice in choices}
        found = replace(
            found,
            offers=[replace(one, way=ways.get(one.service.id, "")) for one in found.offers],
        )
    chosen = [
        ChosenService(
            choice=choice,
            form=ChosenForm(_if_wrong(data, choice), choice=choice),
            offer=offers.get(choice.service_id),
            handed=handed.get(choice.service_id, ""),
        )
        for choice in choices
    ]
    return EnquiryPage(
        enquiry=enquiry,
        form=form,
        hand_over=HandOverForm(data, initial=_hand_over(enquiry)),
        found=found,
        chosen=chosen,
        address=address,
        q=q,
        near=near,
        person_words=typed.get("person_words", ""),
    )


def _if_wrong(data: Any, choice: Choice) -> Any:
    """What was typed about a chosen service, where it could not be kept."""
    if data is None:
        return None
    form = ChosenForm(data, choice=choice)
    return data if form.is_bound and not form.is_valid() else None


def _hand_over(enquiry: Enquiry) -> dict[str, Any]:
    sizes = [int(one.split("_")[1]) for one in enquiry.formats if one.startswith("print_")]
    return {
        "size": max(sizes, default=18),
        "email": enquiry.person.email if enquiry.person else "",
        "ask_on": timezone.localdate() + ASK_USUALLY_AFTER,
    }


@dataclass(frozen=True)
class FinishedPage:
    """An enquiry that has ended: what was asked, what was done, and what became of it."""

    enquiry: Enquiry
    signposts: list[Signpost]
    # Each with its state in plain words.
    referrals: list[tuple[Referral, str]]
    topics: list[str]
    minutes: str

    @property
    def drafts(self) -> bool:
        return any(one.state == State.DRAFT for one, _words in self.referrals)


def finished_page(enquiry: Enquiry) -> FinishedPage:
    return FinishedPage(
        enquiry=enquiry,
        signposts=list(enquiry.signposts.select_related("service__organisation")),
        referrals=say_states(
            enquiry.referrals.select_related("service", "owner").order_by("created_at", "id")
        ),
        topics=list(enquiry.topics.values_list("name", flat=True)),
        minutes=_minutes(enquiry),
    )


def _minutes(enquiry: Enquiry) -> str:
    if enquiry.time_to_log is None:
        return ""
    minutes = round(enquiry.time_to_log.total_seconds() / 60)
    if minutes < 1:
        return _("less than a minute")
    if minutes < 120:
        return ngettext("%(count)s minute", "%(count)s minutes", minutes) % {"count": minutes}
    hours = round(minutes / 60)
    return ngettext("%(count)s hour", "%(count)s hours", hours) % {"count": hours}
