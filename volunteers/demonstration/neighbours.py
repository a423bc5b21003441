"""Invented neighbours who ask for a hand: every state, offers with every answer, and visits."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any

from django.utils import timezone

from dcsn.accounts.models import User
from dcsn.audit import Actor
from dcsn.network import network
from directory.demonstration.network import identity
from directory.models import Organisation
from members.actions.people import add_person
from members.models import ContactBy, Person
from volunteers.actions.afterwards import record_how_it_went
from volunteers.actions.help import (
    ask_for_help,
    begin_help,
    cancel_help_request,
    finish_help,
    leave_unfilled,
    pass_on,
    triage,
)
from volunteers.actions.offers import accept, decline, lapse_offers, make_offer
from volunteers.actions.suggesting import look_for_volunteers
from volunteers.actions.thanks import thank_for_help
from volunteers.actions.visits import agree_visit, record_visit
from volunteers.booking import LONDON, Span
from volunteers.helping.centre import centre
from volunteers.models import (
    Answer,
    HelpKind,
    HelpRequest,
    Interest,
    Offer,
    Repeats,
    Visit,
    Volunteer,
)
from volunteers.states import HelpReason, HelpState, Party

_C, _H, _S, _P = HelpRequest.Channel, HelpKind, HelpState, HelpRequest.PassedTo
DESK = "desk@dad.example"


@dataclass(frozen=True)
class Asked:
    """A request of ``ago`` days ago. ``person`` is one of the neighbours below; ``at`` is in how many days
    and at what hour; ``who`` are volunteers in the order in which they are asked; ``hear`` in how many
    days the person hears from us."""

    slug: str
    person: str
    kind: str
    what: str
    state: str
    ago: int = 3
    channel: str = _C.PHONE
    desk: bool = False
    at: tuple[int, int] | None = None
    minutes: int = 60
    who: tuple[str, ...] = ()
    hear: int | None = None
    says: str = ""
    visits: tuple[tuple[int, str], ...] = ()
    likes: tuple[str, ...] = ()
    facts: dict[str, Any] = field(default_factory=dict)
    needs: dict[str, Any] = field(default_factory=dict)


# Given name, family name, of which desk, postcode, what else.
NEIGHBOURS: dict[str, tuple[str, str, str, str, dict[str, Any]]] = {
    "ada": ("Ada", "Cobbledick", "age-uk", "DL3 7QA", {"formats": ["print_18"]}),
    "bert": ("Bert", "Drakelow", "age-uk", "DL1 4HB", {}),
    "connie": ("Connie", "Ellersgate", "dad", "DL1 5NE", {"formats": ["print_24"]}),
    "denis": ("Denis", "Foxhollow", "dad", "DL3 6BD", {}),
    "edith": ("Edith", "Greenhowe", "age-uk", "DL2 2GF", {"lives_alone": "yes"}),
    "fatima": ("Fatima", "Highgate", "dad", "DL1 2LU",
               {"is_carer": "yes", "interpreter_language": "Urdu", "formats": ["interpreter"]}),
    "george": ("George", "Ivelet", "age-uk", "DL3 8SN", {}),
    "hettie": ("Hettie", "Jollybank", "dad", "DL3 9RT",
               {"safe_contact_note": "Ring in the morning only."}),
    "isaac": ("Isaac", "Kirkbride", "age-uk", "DL1 5SX", {}),
    "jean": ("Jean", "Lowmoor", "dad", "DL3 7XX", {}),
}  # fmt: skip
_DBS: dict[str, Any] = {"checks_needed": ["dbs"], "dbs_level": "enhanced"}
REQUESTS = (
    Asked("bulb", "ada", _H.GOOD_NEIGHBOUR, "The light bulb on the landing. I no longer climb a chair.",
          _S.ASKED, ago=0, minutes=30),
    Asked("fence", "george", _H.GOOD_NEIGHBOUR, "A panel of the fence is down.", _S.ASKED, ago=7,
          channel=_C.WEB, hear=-2),
    Asked("tea", "edith", _H.BEFRIENDING, "Somebody to talk to. I used to teach history.",
          _S.TRIAGED, at=(6, 14), facts={"repeats": Repeats.WEEKLY},
          likes=("talking", "local-history"), needs=_DBS),
    Asked("shopping", "bert", _H.SHOPPING, "My shopping while my ankle heals.", _S.TRIAGED, ago=4,
          hear=1, facts={"when_words": "mornings, not on Thursdays"}),
    Asked("bath-talk", "connie", _H.BEFRIENDING, "Company while I wait for the results.",
          _S.TRIAGED, ago=2, desk=True, channel=_C.DESK, needs=_DBS,
          facts={"gender_preference": "female",
                 "preference_reason": "She lives in sheltered rooms for women and asks for privacy."}),
    Asked("letter", "denis", _H.GOOD_NEIGHBOUR, "Read two letters to me and write the answers.",
          _S.OFFERED, desk=True, at=(3, 10), minutes=45, who=("june", "hannah"),
          likes=("talking",)),
    Asked("phone", "isaac", _H.DIGITAL, "My new phone will not ring.", _S.OFFERED, at=(5, 18),
          who=("chloe",)),
    Asked("bins", "jean", _H.GOOD_NEIGHBOUR, "The bins to the kerb on Friday.", _S.OFFERED,
          minutes=30, desk=True, who=("frank", "hannah"), says="lapsed"),
    Asked("sitting", "fatima", _H.SITTING, "Two hours with my mother so that I can see the dentist.",
          _S.MATCHED, desk=True, at=(4, 14), minutes=120, who=("imran",), says="volunteer",
          needs=_DBS),
    Asked("curtains", "ada", _H.GOOD_NEIGHBOUR, "Put the winter curtains up.", _S.MATCHED, ago=6,
          at=(1, 11), who=("june",), visits=((1, "Buttercup"),), likes=("small-repairs",)),
    Asked("chess", "george", _H.BEFRIENDING, "A game of chess, every week.", _S.IN_PROGRESS, ago=20,
          at=(-7, 15), facts={"repeats": Repeats.WEEKLY}, who=("bernard",), likes=("games",),
          visits=((-7, "Castle"), (0, "Bishop"), (7, "Knight")), needs=_DBS),
    Asked("leaves", "edith", _H.GARDEN, "Sweep the leaves from my steps, every week.", _S.TRIAGED,
          ago=9, at=(-1, 11), facts={"repeats": Repeats.WEEKLY}, who=("hannah",), says="missed",
          visits=((-1, "Acorn"),), hear=1),
    Asked("prescription", "hettie", _H.SHOPPING, "My prescription from the chemist.", _S.DONE, ago=9,
          desk=True, at=(-6, 10), who=("june",), visits=((-6, "Marigold"),)),
    Asked("hospital", "isaac", _H.LIFT, "To the eye clinic and home again.", _S.DONE, ago=16,
          at=(-10, 9), minutes=180, who=("david",), visits=((-10, "Lantern"),),
          needs={**_DBS, "needs_driver": True}),
    Asked("dog", "hettie", _H.OTHER, "Walk the dog while I am in hospital, twice a day.", _S.UNFILLED,
          ago=11, desk=True, hear=3),
    Asked("lawn", "bert", _H.GARDEN, "Mow the lawn.", _S.CANCELLED, ago=14, who=("frank", "hannah"),
          says="declined"),
    Asked("wash", "connie", _H.OTHER, "Help me to wash and dress in the morning.", _S.NOT_SUITABLE,
          ago=8, desk=True, channel=_C.DESK),
    Asked("rewire", "denis", _H.GOOD_NEIGHBOUR, "A socket that sparks.", _S.NOT_SUITABLE, ago=5),
)  # fmt: skip
# To whom it went, why, and what was said.
PASSED = {
    "wash": (_P.ADULT_SOCIAL_CARE, HelpReason.PERSONAL_CARE, "Rang the duty team: they visit her."),
    "rewire": (_P.PAID_SERVICE, HelpReason.TRADE, "Told him of the handyperson and the price."),
}
# Whether it helped; of the other that is done, nobody has been asked yet.
HOW_IT_WENT = {"hospital": (Answer.YES, "He waited with me all morning.")}


def write_requests(*, by: User, job: Actor) -> None:
    """All of them, and a first look for volunteers for those that wait for one."""
    organisation = centre()
    assert organisation is not None  # noqa: S101 - the demonstration has access points
    writer = _Writer(by, job, organisation)
    for one in REQUESTS:
        writer.write(one)
    look_for_volunteers(organisation=organisation, by=by)


class _Writer:
    def __init__(self, by: User, job: Actor, organisation: Organisation) -> None:
        self.by, self.job, self.organisation = by, job, organisation
        self.desk = User.objects.get(email=DESK)
        self.hubs = {
            slug: Organisation.objects.get(pk=identity("organisation", slug))
            for slug in ("age-uk", "dad")
        }
        self.today = timezone.localdate()
        self.people = {
            slug: self._person(number, *told)
            for number, (slug, told) in enumerate(NEIGHBOURS.items())
        }

    def _person(
        self, number: int, given: str, family: str, hub: str, postcode: str, more: dict[str, Any]
    ) -> Person:
        return add_person(
            organisation=self.hubs[hub],
            by=self.job,
            given_name=given,
            family_name=family,
            address_1=f"{number * 5 + 1} Foxglove Row",
            town=network().area_name,
            postcode=postcode,
            # Of those that Ofcom keeps for drama.
            phone=f"01632 960 6{number:02d}",
            contact_by=ContactBy.PHONE,
            **more,
        )

    def write(self, one: Asked) -> None:
        person = self.people[one.person]
        span = self._span(one, one.at[0]) if one.at else None
        row = ask_for_help(
            person=person,
            organisation=self.organisation,
            taken_at=person.organisation if one.desk else None,
            kind=one.kind,
            what=one.what,
            channel=one.channel,
            key=identity("help request", one.slug),
            minutes=one.minutes,
            starts_at=span.starts_at if span else None,
            ends_at=span.ends_at if span else None,
            by=self.desk if one.desk else self.by,
            **one.facts,
        )
        if one.slug in PASSED:
            to, reason, note = PASSED[one.slug]
            pass_on(help_request=row, passed_to=to, reason_code=reason, note=note, by=self.by)
        elif one.state != _S.ASKED:
            likes = Interest.objects.filter(slug__in=one.likes)
            row = triage(help_request=row, by=self.by, interests=likes, **one.needs)
            self._find(one, row)
        self._move_back(one, row)

    def _find(self, one: Asked, row: HelpRequest) -> None:
        if one.state == _S.UNFILLED:
            leave_unfilled(
                help_request=row,
                by=self.by,
                follow_up_on=self.today + timedelta(days=one.hear or 0),
            )
        if one.who:
            offer = self._ask(one, row)
            if one.state not in (_S.OFFERED, _S.CANCELLED):
                self._say_yes(one, row, offer)
        if one.state == _S.CANCELLED:
            cancel_help_request(help_request=row, by=self.by, reason_code=HelpReason.SOMEBODY_ELSE)

    def _ask(self, one: Asked, row: HelpRequest) -> Offer:
        late = timezone.now() - timedelta(minutes=1)
        offer = make_offer(
            help_request=row,
            volunteers=[Volunteer.objects.get(pk=identity("volunteer", slug)) for slug in one.who],
            by=self.by,
            lapses_at=late if one.says == "lapsed" else None,
        )
        if one.says == "lapsed":
            lapse_offers(by=self.job)
        if one.says == "declined":
            decline(offer=offer, by=self.by, side=Party.VOLUNTEER, words="I am away that week.")
        return offer

    def _say_yes(self, one: Asked, row: HelpRequest, offer: Offer) -> None:
        accept(offer=offer, by=self.by, side=Party.VOLUNTEER)
        if one.says == "volunteer":
            return
        accept(offer=offer, by=self.desk if one.desk else self.by, side=Party.PERSON)
        for in_days, word in one.visits:
            agree_visit(offer=offer, span=self._span(one, in_days), watchword=word, by=self.by)
        if one.state in (_S.IN_PROGRESS, _S.DONE):
            begin_help(help_request=row, by=self.by)
        for visit in offer.visits.filter(starts_at__lt=self._midnight()):
            missed = one.says == "missed"
            came = Visit.Outcome.VOLUNTEER_MISSED if missed else Visit.Outcome.TOOK_PLACE
            record_visit(visit=visit, outcome=came, look_anew=missed, by=self.by)
        if one.state == _S.DONE:
            finish_help(help_request=row, by=self.by)
        if one.slug in HOW_IT_WENT:
            answer, words = HOW_IT_WENT[one.slug]
            record_how_it_went(help_request=row, answer=answer, words=words, by=self.by)
            # She rang besides, to say thank you.
            thank_for_help(
                offer=offer,
                words="Thank you for coming, and for the talk afterwards.",
                named=True,
                key=identity("thanks", one.slug),
                by=self.by,
            )

    def _midnight(self) -> datetime:
        return datetime.combine(self.today, time(0), LONDON)

    def _span(self, one: Asked, in_days: int) -> Span:
        assert one.at is not None  # noqa: S101 - only what has a time has visits
        day = self.today + timedelta(days=in_days)
        starts_at = datetime.combine(day, time(one.at[1]), LONDON)
        return Span(starts_at, starts_at + timedelta(minutes=one.minutes))

    def _move_back(self, one: Asked, row: HelpRequest) -> None:
        """What was asked today was asked so many days ago."""
        current = HelpRequest.objects.get(pk=row.pk)
        since = timedelta(days=one.ago)
        facts: dict[str, Any] = {"asked_at": current.asked_at - since}
        if current.triaged_at:
            facts["triaged_at"] = current.triaged_at - since
        if current.ended_at:
            facts["ended_at"] = current.ended_at - min(since, timedelta(days=2))
            facts["ask_on"] = self.today
        if one.hear is not None:
            facts["follow_up_on"] = self.today + timedelta(days=one.hear)
        HelpRequest.objects.filter(pk=row.pk).update(**facts)
