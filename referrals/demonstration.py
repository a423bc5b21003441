"""A desk at work, for whoever tries the portal out: invented people, their referrals in every state.

Called by ``manage.py load_demonstration``. All dates are counted from today, on working days, so that the
first page of a hub has something due, something late and something that went well.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from dcsn.accounts.models import User
from dcsn.network import network
from directory.actions.demonstration import NotADemonstration
from directory.demonstration.network import identity
from directory.models import Organisation, Service, TaxonomyTerm
from directory.models.identity import sort_key_of
from directory.wards import ward_of
from members.finding import rebuild_keys
from members.finding.duplicates import look_for_duplicates
from members.models import ContactBy, Person
from referrals.caseload.ledger import Ledger, Somebody
from referrals.caseload.lives import LONDON, Asking, Life, Step, Try
from referrals.clocks import ASK_AFTER, ask_on
from referrals.models import Attempt, Enquiry, FollowUp, ReceivingDesk
from referrals.states import FINAL, NOT_ASKED_AFTER, NOT_HELPED, Loop, Party, Reason, State, Via
from referrals.working_days import is_working_day

_S, _E, _H = State, Enquiry.State, ReceivingDesk.How


@dataclass(frozen=True)
class Said:
    """One step: ``ago`` working days before today; ``until`` days from today, where a day was named."""

    to: State
    ago: int
    via: Via = Via.LINK
    reason: str = ""
    words: str = ""
    until: int | None = None
    by_hub: bool = False
    name: str = ""


@dataclass(frozen=True)
class Sent:
    """One referral: to which service, what was said of it, and what the person answered after 14 days."""

    service: str
    steps: tuple[Said, ...] = ()
    answer: str = ""
    tried: bool = False


@dataclass(frozen=True)
class Came:
    """One enquiry, ``ago`` working days before today."""

    ago: int
    channel: str
    words: str
    wants: str
    topics: tuple[str, ...]
    state: str = _E.REFERRED
    sent: tuple[Sent, ...] = ()
    told_of: tuple[str, ...] = ()
    minutes: int = 9
    more: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Somebodys:
    """A person of one hub and their enquiries, the oldest first."""

    hub: str
    given: str
    family: str
    postcode: str
    enquiries: tuple[Came, ...]
    born: date | None = None
    facts: dict[str, Any] = field(default_factory=dict)
    may_ask: bool = True


def _sent(ago: int) -> Said:
    return Said(_S.REQUESTED, ago, Via.SIGNED_IN, by_hub=True)


PEOPLE = (
    Somebodys(
        "dad", "Margaret", "Larkmere", "DL3 7QA", born=date(1944, 3, 9),
        facts={"known_as": "Peggy", "contact_by": ContactBy.PHONE, "formats": ["print_18"]},
        enquiries=(
            Came(
                36, "phone", "I can't get in the bath any more", "To bathe without being afraid",
                ("bathing", "equipment"), minutes=14, more={"support": "for"},
                sent=(
                    Sent(
                        "wheelchairs-to-borrow",
                        (_sent(36), Said(_S.ACCEPTED, 35, until=-44), Said(_S.IN_PROGRESS, 32),
                         Said(_S.COMPLETED, 30, name="J. Fernbeck")),
                        answer=Loop.GOT_HELP,
                    ),
                    Sent(
                        "adapting-your-home",
                        (_sent(36), Said(_S.RECEIVED, 34), Said(_S.ACCEPTED, 31, until=-40),
                         Said(_S.ON_HOLD, 26, reason=Reason.NO_CAPACITY, until=40,
                              words="The fitter has a list of eight weeks.")),
                    ),
                    Sent("bathing-at-home", (_sent(36), Said(_S.ACCEPTED, 36, Via.SIGNED_IN),
                                             Said(_S.IN_PROGRESS, 30, Via.SIGNED_IN))),
                ),
            ),
            Came(1, "phone", "The bath seat is here, now I would like company",
                 "Somebody to talk to", ("befriending",), minutes=6, more={"support": "with"},
                 sent=(Sent("befriending", (_sent(1),)),)),
        ),
    ),
    Somebodys(
        "dad", "Arthur", "Thornwick", "DL1 4HB", born=date(1938, 11, 30),
        facts={"contact_by": ContactBy.POST, "formats": ["print_24"], "lives_alone": "yes"},
        enquiries=(
            Came(13, "walk-in", "Nobody has been in since my wife died", "Company at dinner time",
                 ("lunch-clubs", "bereavement"), minutes=18, more={"support": "with"},
                 sent=(
                     Sent("bereavement-care", (_sent(13),)),
                     Sent("harrowgate-lunch-club", (_sent(13), Said(_S.RECEIVED, 9, Via.PHONE,
                                                                   name="Mrs Sedgeley"))),
                 )),
        ),
    ),
    Somebodys(
        "dad", "Farida", "Willowgate", "DL1 5NE", born=date(1979, 6, 2),
        facts={"contact_by": ContactBy.SMS, "is_carer": "yes", "formats": ["interpreter"],
               "interpreter_language": "Urdu"},
        enquiries=(
            Came(24, "phone", "I look after Mum day and night and I am worn out",
                 "A few hours to myself", ("carers-breaks", "carers-support"), minutes=21,
                 more={"support": "with", "on_behalf_of": "carer"},
                 sent=(
                     Sent("sitting-service",
                          (_sent(24), Said(_S.REJECTED, 20, reason=Reason.NO_CAPACITY,
                                           words="Full until the new year."))),
                     Sent("carers-drop-in",
                          (_sent(24), Said(_S.ACCEPTED, 22), Said(_S.IN_PROGRESS, 20),
                           Said(_S.COMPLETED, 12)), answer=Loop.DID_NOT_GET_HELP),
                 )),
        ),
    ),
    Somebodys(
        "dad", "Stanislaw", "Rowancroft", "DL3 6BD",
        facts={"age_band": "65_79", "contact_by": ContactBy.PHONE},
        enquiries=(
            Came(11, "outreach", "The heating has packed up and there is damp",
                 "A warm room before the winter", ("food-and-fuel", "repairs"), minutes=12,
                 more={"support": "for"},
                 sent=(
                     Sent("warm-homes", (_sent(11), Said(_S.ACCEPTED, 9, until=3))),
                     Sent("handyperson", (_sent(11), Said(_S.ACCEPTED, 10),
                                          Said(_S.FAILED, 4, Via.SLIP, Reason.COULD_NOT_CONTACT,
                                               "Rang three times, no answer.", name="A. Marlgate"))),
                     Sent("safe-home-visit",
                          (_sent(11), Said(_S.CANCELLED, 8, Via.SIGNED_IN, Reason.NO_LONGER_NEEDED,
                                           "His son has put the alarms up.", by_hub=True))),
                 )),
        ),
    ),
    Somebodys(
        "dad", "Dorothy", "Wetherlow", "DL2 2GF", born=date(1951, 8, 17),
        facts={"known_as": "Dot", "contact_by": ContactBy.PHONE, "formats": ["phone_only"]},
        enquiries=(
            Came(19, "visit", "My sight is going and I can't read my letters",
                 "Help with reading the post", ("sight-loss",), minutes=16, more={"support": "with"},
                 sent=(
                     Sent("sight-loss-visits",
                          (_sent(19), Said(_S.ACCEPTED, 18), Said(_S.IN_PROGRESS, 16),
                           Said(_S.COMPLETED, 11)), tried=True),
                     Sent("talking-newspaper", (_sent(19), Said(_S.ENTERED_IN_ERROR, 19,
                                                               Via.SIGNED_IN, by_hub=True))),
                 )),
            Came(0, "phone", "The hospital wants me at eight in the morning",
                 "A lift that I can afford", ("hospital-transport",), state=_E.OPEN,
                 sent=(Sent("hospital-cars"),)),
        ),
    ),
    Somebodys(
        "dad", "Kenneth", "Fallowden", "DL3 9RT", born=date(1947, 1, 21), may_ask=False,
        facts={"known_as": "Ken", "contact_by": ContactBy.NOT_AT_ALL},
        enquiries=(
            Came(8, "post", "Please send me the form for the badge", "The form, in large print",
                 ("badges-and-passes",), state=_E.SIGNPOSTED, minutes=5,
                 more={"support": "self"}, told_of=("blue-badges-and-bus-passes",)),
        ),
    ),
    Somebodys(
        "age-uk", "Irene", "Hollinbrook", "DL1 2LU", born=date(1940, 5, 4),
        facts={"contact_by": ContactBy.PHONE},
        enquiries=(
            Came(15, "walk-in", "I keep falling and I dare not go out", "To walk to the shop again",
                 ("exercise",), minutes=10, more={"support": "with"},
                 sent=(
                     Sent("falls-clinic", (_sent(15), Said(_S.ACCEPTED, 11), Said(_S.IN_PROGRESS, 5))),
                     Sent("alarm-at-the-touch-of-a-button", (_sent(15), Said(_S.RECEIVED, 14))),
                 )),
        ),
    ),
    Somebodys(
        "age-uk", "Joseph", "Quillford", "DL3 8SN", born=date(1955, 12, 12),
        facts={"known_as": "Joe", "contact_by": ContactBy.PHONE},
        enquiries=(
            Came(45, "phone", "The money doesn't reach to the end of the week",
                 "To know what I am entitled to", ("benefits", "debt"), minutes=25,
                 more={"support": "for"},
                 sent=(
                     Sent("advice-bureau",
                          (_sent(45), Said(_S.ACCEPTED, 43), Said(_S.IN_PROGRESS, 41),
                           Said(_S.COMPLETED, 32)), answer=Loop.GOT_SOME_HELP),
                 )),
            Came(3, "phone", "They sorted the gas, but I still owe the rent",
                 "Somebody to speak to the landlord", ("debt", "housing"), minutes=11,
                 more={"support": "with"},
                 sent=(Sent("tenants-advice", (_sent(3), Said(_S.ACCEPTED, 1, until=4))),)),
        ),
    ),
    # Margaret Larkmere once more, as another volunteer heard her: for "Possible duplicates".
    Somebodys(
        "dad", "Peggy", "Larkmeer", "DL3 7QA", born=date(1944, 9, 3),
        enquiries=(
            Came(6, "walk-in", "Something on a Tuesday, near the library", "Company",
                 ("lunch-clubs",), state=_E.SIGNPOSTED, minutes=4,
                 told_of=("bradbury-house-cafe",), more={"support": "with"}),
        ),
    ),
    # Kenneth Fallowden, whom the other hub knows too: to its staff a masked match.
    Somebodys(
        "age-uk", "Ken", "Fallowden", "DL3 9RT", born=date(1947, 1, 21),
        enquiries=(
            Came(9, "phone", "Is there a walking group?", "To get out more", (),
                 state=_E.ANSWERED, minutes=3,
                 more={"answer": "Yes, on Wednesdays.", "support": "self"}),
        ),
    ),
)  # fmt: skip

# Nobody gave a name: they are counted, and no person is made of them.
NAMELESS = (
    ("dad", Came(2, "walk-in", "Where do I get a Blue Badge form?", "The form",
                 ("badges-and-passes",), state=_E.SIGNPOSTED, minutes=3,
                 told_of=("blue-badges-and-bus-passes",), more={"support": "self", "ward": ""})),
    ("dad", Came(2, "phone", "Is there a dentist who comes to the house?", "A dentist at home",
                 (), state=_E.ANSWERED, minutes=4,
                 more={"unmet": True, "answer": "None that we know of.", "outward": "DL1"})),
    ("dad", Came(1, "phone", "Are you open on Saturday?", "", (), state=_E.ANSWERED, minutes=1,
                 more={"answer": "No: Monday to Friday."})),
    ("age-uk", Came(1, "walk-in", "Somewhere to sit with a cup of tea", "Company",
                    ("lunch-clubs",), state=_E.SIGNPOSTED, minutes=2,
                    told_of=("bradbury-house-cafe",), more={"support": "self"})),
)  # fmt: skip


# The rest are not registered, and are rung.
DESKS: dict[str, tuple[str, dict[str, str]]] = {
    "age-uk": (_H.EMAIL, {"email": "answers@ageuk.example"}),
    "carers": (_H.SIGNED_IN, {"email": "answers@carers.example"}),
    "sight": (_H.EMAIL, {"email": "requests@sightloss.example"}),
}


def load_casework() -> int:
    """Write what is missing; written once, it is left alone. Returns how many people were made.

    :raises NotADemonstration: unless ``settings.DEMONSTRATION``.
    """
    if not settings.DEMONSTRATION:
        raise NotADemonstration("Invented people do not belong among real ones.")
    now = timezone.localtime()
    with transaction.atomic():
        if Person.objects.filter(pk=identity("person", "0")).exists():
            return 0
        _Writer(now).write()
    # Both are worked out when somebody is saved through the actions, which the ledger passes by.
    rebuild_keys()
    look_for_duplicates()
    return len(PEOPLE)


class _Writer:
    def __init__(self, now: datetime) -> None:
        self.now = now.astimezone(LONDON)
        self.ledger = Ledger(Random("demonstration"), self.now, job="load demonstration")  # noqa: S311
        self.hubs = {
            slug: Organisation.objects.get(pk=identity("organisation", slug))
            for slug in {one.hub for one in PEOPLE}
        }
        self.staff = {
            slug: User.objects.get(email=f"desk@{slug.replace('-', '')}.example").pk
            for slug in self.hubs
        }
        self.terms = dict(TaxonomyTerm.objects.values_list("slug", "id"))

    def write(self) -> None:
        self._receiving_desks()
        # Only with those that are sent something: elsewhere the demonstration shows what is missing.
        slugs = {sent.service for one in PEOPLE for came in one.enquiries for sent in came.sent}
        self.ledger.agreements(service.organisation_id for service in self._services(slugs))
        for number, one in enumerate(PEOPLE):
            self._person(number, one)
        for hub, came in NAMELESS:
            self._enquiry(hub, None, came, postcode="")
        self.ledger.write()

    def _receiving_desks(self) -> None:
        """Where organisations are told: with none registered nobody could try the link in an e-mail."""
        for slug, (how, facts) in DESKS.items():
            ReceivingDesk.objects.get_or_create(
                organisation_id=identity("organisation", slug), defaults={"how": how, **facts}
            )

    def _person(self, number: int, one: Somebodys) -> None:
        since = self._at(one.enquiries[0].ago, 10)
        facts = {
            "given_name": one.given,
            "family_name": one.family,
            "sort_key": sort_key_of(f"{one.family} {one.given}"),
            "date_of_birth": one.born,
            "address_1": f"{number * 7 + 3} Harebell Row",
            "town": network().area_name,
            "postcode": one.postcode,
            "phone": f"01632 960 9{number:02d}",
            **one.facts,
        }
        who = self.ledger.person(
            id=identity("person", str(number)),
            facts=facts,
            hub=self.hubs[one.hub],
            since=since,
            may_ask=one.may_ask,
            by=self.staff[one.hub],
        )
        for came in one.enquiries:
            self._enquiry(one.hub, who, came, one.postcode)

    def _enquiry(self, hub: str, who: Somebody | None, came: Came, postcode: str) -> None:
        started_at = self._at(came.ago, 10)
        if came.ago == 0:
            started_at = self.now - timedelta(minutes=20)
        open_still = came.state == _E.OPEN
        facts: dict[str, Any] = {
            "channel": came.channel,
            "words": came.words,
            "wants": came.wants,
            "outward": postcode.split(" ")[0],
            "ward": ward_of(postcode),
            **came.more,
        }
        if who is not None:
            facts["formats"] = who.facts.get("formats", [])
            facts["interpreter_language"] = who.facts.get("interpreter_language", "")
        key = self.ledger.enquiry(
            hub=self.hubs[hub],
            by=self.staff[hub],
            who=who,
            started_at=started_at,
            finished_at=None if open_still else started_at + timedelta(minutes=came.minutes),
            state=came.state,
            topics=[self.terms[slug] for slug in came.topics],
            told_of=self._services(came.told_of),
            **facts,
        )
        for sent in came.sent:
            assert who is not None  # noqa: S101 - a referral is about somebody
            self.ledger.referral(
                who,
                enquiry=key,
                service=self._services([sent.service])[0],
                agreed_at=started_at + timedelta(minutes=1),
                created_at=started_at + timedelta(minutes=2),
                life=self._life(sent, may_ask=who.may_ask),
                by=self.staff[hub],
                asked_by=self.staff[hub],
                reason_text=came.wants,
            )

    def _services(self, slugs: Iterable[str]) -> list[Service]:
        found = Service.objects.select_related("organisation")
        return [found.get(pk=identity("service", slug)) for slug in slugs]

    def _life(self, sent: Sent, *, may_ask: bool) -> Life:
        steps = [
            Step(
                said.to,
                self._at(said.ago, 11 + number) if said.ago else self.now,
                Party.REQUESTER if said.by_hub else Party.RECEIVER,
                said.via,
                said.reason,
                None if said.until is None else self.now.date() + timedelta(days=said.until),
                said.name or ("Somebody there" if not said.by_hub and said.via == Via.LINK else ""),
                said.words,
            )
            for number, said in enumerate(sent.steps)
        ]
        life = Life(steps)
        if life.state in FINAL and life.state != _S.ENTERED_IN_ERROR:
            if steps[-1].reason in NOT_ASKED_AFTER or not may_ask:
                life.loop, life.closed_at = Loop.NOT_ASKED, steps[-1].at
            else:
                self._ask(life, sent)
        return life

    def _ask(self, life: Life, sent: Sent) -> None:
        end = life.steps[-1].at
        for after in ASK_AFTER:
            asking = Asking(after, ask_on(end, after))
            life.askings.append(asking)
            at = datetime.combine(asking.due_on, time(14), LONDON)
            if after != ASK_AFTER[0] or at > self.now:
                continue
            if sent.answer:
                asking.tries.append(Try(at, Attempt.Way.PHONE, Attempt.Result.ANSWERED))
                asking.state, asking.answer = FollowUp.State.ANSWERED, sent.answer
                asking.answered_at, asking.answered_by = at, FollowUp.AnsweredBy.PERSON
                asking.answered_via = Attempt.Way.PHONE
                life.loop, life.closed_at = sent.answer, at
                if sent.answer in NOT_HELPED:
                    life.unhelped_since = at
            elif sent.tried:
                asking.tries.append(Try(at, Attempt.Way.PHONE, Attempt.Result.NO_ANSWER))
                asking.state, asking.next_try_on = FollowUp.State.WAITING, self.now.date()

    def _at(self, ago: int, hour: int) -> datetime:
        """That many working days before today; today itself may be a Sunday."""
        day = self.now.date()
        while ago or not is_working_day(day):
            day -= timedelta(days=1)
            ago -= is_working_day(day) and ago > 0
        return datetime.combine(day, time(hour, 5), LONDON)
