"""What the audit trail calls the things that happen to people's records and their post."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from dcsn.audit import EventType, OnErasure, register
from members.cards import events as card_events  # noqa: F401

# Registered where they belong; read here, because the audit trail looks for them in this module.
from members.joining import events as joining_events  # noqa: F401
from members.letters import events as letter_events  # noqa: F401
from members.membership import events as membership_events  # noqa: F401
from members.offers import events as offer_events  # noqa: F401
from members.payments import events as payment_events  # noqa: F401
from members.plans import events as plan_events  # noqa: F401
from members.roll import events as roll_events  # noqa: F401
from members.safety_net import events as safety_net_events  # noqa: F401

_PURPOSES = {
    "remember": _("keep their details for the next time"),
    "contact": _("ask them how it went"),
    "share": _("pass on what is needed for their help"),
}

PERSON_ADDED = register(EventType("person:added", sentence=_("%(actor)s recorded the person")))
PERSON_CHANGED = register(
    EventType("person:changed", sentence=_("%(actor)s changed what is known about the person"))
)
PERSON_VIEWED = register(
    EventType(
        "person:viewed",
        sentence=_("%(actor)s looked at the person's record"),
        # Those who belong to them, whose names the page shows too.
        details={"others": OnErasure.DROP},
        reading=True,
    )
)
PERSON_CONTACT_NAMED = register(
    EventType(
        "person:contact_named",
        sentence=_("%(actor)s said who the person’s named contact is"),
        details={"contact": OnErasure.DROP},
    )
)
PERSON_NAMES_CHANGED = register(
    EventType("person:names_changed", sentence=_("%(actor)s changed the other names of the person"))
)
PERSON_TIES_CHANGED = register(
    EventType(
        "person:ties_changed",
        sentence=_("%(actor)s changed who belongs to the person"),
        # The other end's id would say who cares for whom.
        details={"other": OnErasure.DROP},
    )
)
PERSON_EMERGENCY_CHANGED = register(
    EventType(
        "person:emergency_changed",
        sentence=_("%(actor)s changed whom to ring for the person in an emergency"),
    )
)
EQUALITY_RECORDED = register(
    EventType(
        "equality:recorded", sentence=_("%(actor)s handed in the person’s equality answers, unread")
    )
)
# None of these is in a person's copy, nor on a page that shows who has looked: it could tip somebody off.
FLAG_SET = register(
    EventType(
        "safety_flag:set",
        sentence=_("%(actor)s noted something for safety"),
        details={"flag": OnErasure.DROP},
        left_out_of_copy=True,
    )
)
FLAG_REVIEWED = register(
    EventType(
        "safety_flag:reviewed",
        sentence=_("%(actor)s looked again at something noted for safety"),
        details={"flag": OnErasure.DROP},
        left_out_of_copy=True,
    )
)
FLAG_ENDED = register(
    EventType(
        "safety_flag:ended",
        sentence=_("%(actor)s took off something noted for safety"),
        details={"flag": OnErasure.DROP},
        left_out_of_copy=True,
    )
)
FLAGS_VIEWED = register(
    EventType(
        "safety_flag:viewed",
        sentence=_("%(actor)s looked at what is noted for safety"),
        reading=True,
        left_out_of_copy=True,
    )
)
PEOPLE_SEARCHED = register(
    EventType(
        "people:searched",
        sentence=_("%(actor)s looked for somebody and was shown %(count)s records"),
        # Whose lines were shown, masked ones too. What was typed is not written down.
        details={"people": OnErasure.DROP, "masked": OnErasure.DROP, "count": OnErasure.KEEP},
        reading=True,
    )
)
PERSON_OPENED = register(
    EventType(
        "person:opened",
        sentence=_("%(actor)s gave a reason for opening the person's record (%(reason)s)"),
        details={"reason": OnErasure.KEEP, "opening": OnErasure.DROP},
    )
)
PERSON_ADDED_ALTHOUGH_ALIKE = register(
    EventType(
        "person:added_although_alike",
        sentence=_("%(actor)s recorded the person although others look alike (%(reason)s)"),
        details={"reason": OnErasure.KEEP, "people": OnErasure.DROP},
    )
)
OPENINGS_LISTED = register(
    EventType(
        "openings:listed",
        sentence=_("%(actor)s looked at the list of records that were opened with a reason"),
        details={"people": OnErasure.DROP},
        reading=True,
    )
)
DUPLICATES_LISTED = register(
    EventType(
        "duplicates:listed",
        sentence=_("%(actor)s looked at the list of possible duplicates"),
        details={"people": OnErasure.DROP},
        reading=True,
    )
)
FOUND_DIFFERENT = register(
    EventType(
        "person:found_different",
        sentence=_("%(actor)s noted that the person is not the one of another record"),
        details={"other": OnErasure.DROP},
    )
)
CONSENT_RECORDED = register(
    EventType(
        "consent:recorded",
        sentence=_("%(actor)s recorded what the person agreed to (%(purpose)s)"),
        labels={"purpose": _PURPOSES},
        details={"purpose": OnErasure.KEEP, "consent": OnErasure.KEEP},
    )
)
CONSENT_WITHDRAWN = register(
    EventType(
        "consent:withdrawn",
        sentence=_("%(actor)s recorded that the person no longer agrees (%(purpose)s)"),
        labels={"purpose": _PURPOSES},
        details={"purpose": OnErasure.KEEP, "consent": OnErasure.KEEP},
    )
)
PAPER_ASKED = register(
    EventType(
        "paper:asked",
        sentence=_("%(actor)s took down a request for paper"),
        details={"request": OnErasure.DROP, "via": OnErasure.KEEP},
    )
)
PAPER_LISTED = register(
    EventType(
        "paper:listed",
        sentence=_("%(actor)s looked at the list of post to go out"),
        # Whose names and addresses were on it: a look at a list is a look at each of them.
        details={"requests": OnErasure.DROP},
        reading=True,
    )
)
PAPER_VIEWED = register(
    EventType(
        "paper:viewed",
        sentence=_("%(actor)s looked at a request for paper"),
        details={"request": OnErasure.DROP},
        reading=True,
    )
)
PAPER_PRINTED = register(
    EventType(
        "paper:printed",
        sentence=_("%(actor)s printed %(what)s for the post"),
        details={"requests": OnErasure.DROP, "what": OnErasure.KEEP},
        reading=True,
    )
)
PAPER_SETTLED = register(
    EventType(
        "paper:settled",
        sentence=_("%(actor)s noted what became of a request for paper: %(state)s"),
        details={"request": OnErasure.DROP, "state": OnErasure.KEEP},
    )
)
PAPER_WIPED = register(
    EventType(
        "paper:wiped",
        sentence=_("%(actor)s forgot the name and address of a request for paper"),
        details={"request": OnErasure.DROP},
    )
)
AGREEMENT_RECORDED = register(
    EventType(
        "agreement:recorded",
        sentence=_("%(actor)s recorded an agreement to share people's details"),
        details={"agreement": OnErasure.KEEP},
    )
)
AGREEMENT_RENEWED = register(
    EventType(
        "agreement:renewed",
        sentence=_("%(actor)s renewed an agreement to share people's details"),
        details={"agreement": OnErasure.KEEP, "renews": OnErasure.KEEP},
    )
)
AGREEMENT_ENDED = register(
    EventType(
        "agreement:ended",
        sentence=_("%(actor)s ended an agreement to share people's details"),
        details={"agreement": OnErasure.KEEP},
    )
)
COMPLAINT_MADE = register(
    EventType(
        "complaint:made",
        sentence=_("%(actor)s took down a complaint about personal data"),
        details={"complaint": OnErasure.DROP, "via": OnErasure.KEEP},
    )
)
COMPLAINT_MOVED = register(
    EventType(
        "complaint:moved",
        sentence=_("%(actor)s dealt with a complaint about personal data: %(state)s"),
        details={"complaint": OnErasure.DROP, "state": OnErasure.KEEP},
    )
)
COMPLAINT_VIEWED = register(
    EventType(
        "complaint:viewed",
        sentence=_("%(actor)s looked at a complaint about personal data"),
        details={"complaint": OnErasure.DROP},
        reading=True,
    )
)
COMPLAINTS_LISTED = register(
    EventType(
        "complaint:listed",
        sentence=_("%(actor)s looked at the list of complaints about personal data"),
        details={"complaints": OnErasure.DROP},
        reading=True,
    )
)
COMPLAINT_WIPED = register(
    EventType(
        "complaint:wiped",
        sentence=_("%(actor)s forgot who complained and what was written"),
        details={"complaint": OnErasure.DROP},
    )
)
COPY_ASKED = register(
    EventType(
        "copy:asked",
        sentence=_("%(actor)s wrote down that the person asked for a copy of everything"),
        details={"copy": OnErasure.DROP},
    )
)
COPY_CHANGED = register(
    EventType(
        "copy:changed",
        sentence=_("%(actor)s noted something about the request for a copy (%(what)s)"),
        details={"copy": OnErasure.DROP, "what": OnErasure.KEEP},
    )
)
COPY_GATHERED = register(
    EventType(
        "copy:gathered",
        sentence=_(
            "%(actor)s gathered everything that is known about the person, to read it through"
        ),
        details={"copy": OnErasure.DROP, "rows": OnErasure.KEEP},
    )
)
COPY_READ = register(
    EventType(
        "copy:read",
        sentence=_("%(actor)s read part of a copy through (%(table)s)"),
        details={"copy": OnErasure.DROP, "table": OnErasure.KEEP, "left_out": OnErasure.KEEP},
    )
)
COPY_RELEASED = register(
    EventType(
        "copy:released",
        sentence=_("%(actor)s let the copy go"),
        details={"copy": OnErasure.DROP, "left_out": OnErasure.KEEP},
    )
)
COPY_CLOSED = register(
    EventType(
        "copy:closed",
        sentence=_("%(actor)s closed the request for a copy (%(state)s)"),
        details={"copy": OnErasure.DROP, "state": OnErasure.KEEP},
    )
)
COPY_FETCHED = register(
    EventType(
        "copy:fetched",
        sentence=_("%(actor)s fetched the copy (%(how)s)"),
        details={"copy": OnErasure.DROP, "how": OnErasure.KEEP},
        reading=True,
    )
)
COPY_VIEWED = register(
    EventType(
        "copy:viewed",
        sentence=_("%(actor)s looked at a request for a copy"),
        details={"copy": OnErasure.DROP},
        reading=True,
    )
)
COPIES_LISTED = register(
    EventType(
        "copy:listed",
        sentence=_("%(actor)s looked at the list of requests for copies"),
        details={"copies": OnErasure.DROP},
        reading=True,
    )
)
