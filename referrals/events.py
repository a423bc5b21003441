"""What the audit trail calls the things that happen to enquiries and referrals."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from dcsn.audit import EventType, OnErasure, register
from referrals.states import Loop, State

_ENQUIRY = {"enquiry": OnErasure.DROP}
_REFERRAL = {"referral": OnErasure.DROP}

ENQUIRY_OPENED = register(
    EventType("enquiry:opened", sentence=_("%(actor)s began an enquiry"), details=_ENQUIRY)
)
ENQUIRY_SAVED = register(
    EventType("enquiry:saved", sentence=_("%(actor)s wrote in an enquiry"), details=_ENQUIRY)
)
ENQUIRY_FINISHED = register(
    EventType(
        "enquiry:finished",
        sentence=_("%(actor)s finished an enquiry: %(state)s"),
        details={**_ENQUIRY, "state": OnErasure.KEEP},
    )
)
ENQUIRY_VIEWED = register(
    EventType(
        "enquiry:viewed",
        sentence=_("%(actor)s looked at an enquiry"),
        details=_ENQUIRY,
        reading=True,
    )
)
ENQUIRIES_LISTED = register(
    EventType(
        "enquiry:listed",
        sentence=_("%(actor)s looked at a list of enquiries"),
        # Whose enquiries were on it: a look at a list is a look at each of them.
        details={"people": OnErasure.DROP, "enquiries": OnErasure.DROP},
        reading=True,
    )
)
ENQUIRY_PRINTED = register(
    EventType(
        "enquiry:printed",
        sentence=_("%(actor)s printed what the person was told about"),
        details={**_ENQUIRY, "size": OnErasure.KEEP},
        reading=True,
    )
)
SIGNPOSTED = register(
    EventType(
        "signpost:given",
        sentence=_("%(actor)s told the person about a service"),
        details={**_ENQUIRY, "service": OnErasure.DROP, "way": OnErasure.KEEP},
    )
)
REFERRAL_DRAFTED = register(
    EventType(
        "referral:drafted",
        sentence=_("%(actor)s prepared a referral"),
        details={**_REFERRAL, "replaces": OnErasure.DROP},
    )
)
REFERRAL_CHANGED = register(
    EventType("referral:changed", sentence=_("%(actor)s changed a referral"), details=_REFERRAL)
)
REFERRAL_MOVED = register(
    EventType(
        "referral:moved",
        sentence=_("%(actor)s recorded what became of a referral: %(to)s"),
        labels={"to": dict(State.choices)},
        details={
            **_REFERRAL,
            "to": OnErasure.KEEP,
            "via": OnErasure.KEEP,
            "reason": OnErasure.KEEP,
            "party": OnErasure.KEEP,
        },
    )
)
REFERRAL_VIEWED = register(
    EventType(
        "referral:viewed",
        sentence=_("%(actor)s looked at a referral"),
        details=_REFERRAL,
        reading=True,
    )
)
REFERRALS_LISTED = register(
    EventType(
        "referral:listed",
        sentence=_("%(actor)s looked at a list of referrals (%(list)s)"),
        labels={
            "list": {
                "hub": _("what is to be done"),
                "today": _("promised for the day"),
                "unanswered": _("no answer yet"),
                "ask": _("whom to ask"),
                "unhelped": _("no help came"),
                "receiver": _("waiting for the receiver"),
                "person": _("waiting for the person"),
            }
        },
        # Whose referrals were on it: a look at a list is a look at each of them.
        details={
            "list": OnErasure.KEEP,
            "people": OnErasure.DROP,
            "referrals": OnErasure.DROP,
            "enquiries": OnErasure.DROP,
        },
        reading=True,
    )
)
REFERRAL_REMINDED = register(
    EventType(
        "referral:reminded",
        sentence=_("%(actor)s found that a referral had no answer in time (%(kind)s)"),
        details={**_REFERRAL, "kind": OnErasure.KEEP},
    )
)
REFERRAL_ANSWERED = register(
    EventType(
        "referral:answered",
        sentence=_("%(actor)s recorded whether the person got the help: %(answer)s"),
        labels={"answer": dict(Loop.choices)},
        details={
            **_REFERRAL,
            "answer": OnErasure.KEEP,
            "days": OnErasure.KEEP,
            "answered_by": OnErasure.KEEP,
            "via": OnErasure.KEEP,
        },
    )
)
REFERRAL_TRIED = register(
    EventType(
        "referral:tried",
        sentence=_("%(actor)s tried to ask the person whether they got the help: %(result)s"),
        details={**_REFERRAL, "way": OnErasure.KEEP, "result": OnErasure.KEEP},
    )
)
REFERRAL_SETTLED = register(
    EventType(
        "referral:settled",
        sentence=_("%(actor)s dealt with help that did not come"),
        details=_REFERRAL,
    )
)
SIGNPOST_ANSWERED = register(
    EventType(
        "signpost:answered",
        sentence=_(
            "%(actor)s recorded whether the person got the help they were told of: %(answer)s"
        ),
        details={**_ENQUIRY, "answer": OnErasure.KEEP},
    )
)
PROMISE_KEPT = register(
    EventType(
        "enquiry:promise_kept",
        sentence=_("%(actor)s did what had been promised to the person"),
        details=_ENQUIRY,
    )
)
LINK_MADE = register(
    EventType(
        "link:made",
        sentence=_("%(actor)s gave the person a way to see their own referrals"),
        details={"link": OnErasure.DROP},
    )
)
LINK_OPENED = register(
    EventType(
        "link:opened",
        sentence=_("%(actor)s opened the person's own referrals"),
        details={"link": OnErasure.DROP},
        reading=True,
    )
)
CHECKLIST_ENTERED = register(
    EventType(
        "checklist:entered",
        sentence=_("%(actor)s entered a First Contact checklist"),
        details={**_ENQUIRY, "checklist": OnErasure.DROP},
    )
)
CHECKLIST_CHANGED = register(
    EventType(
        "checklist:changed",
        sentence=_("%(actor)s changed a First Contact checklist"),
        details={"checklist": OnErasure.DROP},
    )
)
CHECKLIST_VIEWED = register(
    EventType(
        "checklist:viewed",
        sentence=_("%(actor)s looked at a First Contact checklist"),
        details={"checklist": OnErasure.DROP},
        reading=True,
    )
)
CHECKLISTS_LISTED = register(
    EventType(
        "checklist:listed",
        sentence=_("%(actor)s looked at a list of First Contact checklists"),
        details={"people": OnErasure.DROP, "checklists": OnErasure.DROP},
        reading=True,
    )
)
QUESTIONS_CHANGED = register(
    EventType(
        "checklist:questions_changed",
        sentence=_("%(actor)s changed the draft of the First Contact checklist (%(what)s)"),
        details={"version": OnErasure.KEEP, "what": OnErasure.KEEP},
    )
)
QUESTIONS_PUBLISHED = register(
    EventType(
        "checklist:published",
        sentence=_("%(actor)s put edition %(number)s of the First Contact checklist into use"),
        details={"version": OnErasure.KEEP, "number": OnErasure.KEEP},
    )
)

# Their subject is the concern, never the person: no list of what happened to somebody finds them. Left out
# of every copy and of the administrators' trail besides.
_CONCERN = {"concern": OnErasure.KEEP}
CONCERN_RAISED = register(
    EventType(
        "concern:raised",
        sentence=_("%(actor)s raised a safeguarding concern"),
        details=_CONCERN,
        left_out_of_copy=True,
    )
)
CONCERN_MOVED = register(
    EventType(
        "concern:moved",
        sentence=_("%(actor)s decided about a safeguarding concern: %(to)s"),
        details={**_CONCERN, "to": OnErasure.KEEP},
        left_out_of_copy=True,
    )
)
CONCERN_ESCALATED = register(
    EventType(
        "concern:escalated",
        sentence=_("%(actor)s told all safeguarding leads of a concern that waits"),
        details=_CONCERN,
        left_out_of_copy=True,
    )
)
CONCERN_VIEWED = register(
    EventType(
        "concern:viewed",
        sentence=_("%(actor)s looked at a safeguarding concern"),
        details=_CONCERN,
        reading=True,
        left_out_of_copy=True,
    )
)
CONCERN_PRINTED = register(
    EventType(
        "concern:printed",
        sentence=_("%(actor)s printed the letter about a safeguarding concern"),
        details=_CONCERN,
        reading=True,
        left_out_of_copy=True,
    )
)
CONCERNS_LISTED = register(
    EventType(
        "concern:listed",
        sentence=_("%(actor)s looked at the list of safeguarding concerns"),
        details={"concerns": OnErasure.KEEP},
        reading=True,
        left_out_of_copy=True,
    )
)
REPLY_CODE_SENT = register(
    EventType(
        "reply:code_sent",
        sentence=_("A code was sent to the receiving organisation, to open the person's details"),
        details={**_REFERRAL, "message": OnErasure.DROP},
    )
)
REPLY_CODE_WRONG = register(
    EventType(
        "reply:code_wrong",
        sentence=_("A wrong code was entered on the page of a link"),
        details=_REFERRAL,
    )
)
REPLY_DETAILS_OPENED = register(
    EventType(
        "reply:details_opened",
        sentence=_("%(actor)s looked at the person's details, with a code"),
        details={**_REFERRAL, "categories": OnErasure.KEEP},
        reading=True,
    )
)
REFERRAL_PRINTED = register(
    EventType(
        "referral:printed",
        sentence=_("%(actor)s printed a referral for the receiving organisation"),
        details={**_REFERRAL, "categories": OnErasure.KEEP},
        reading=True,
    )
)
TELLINGS_LISTED = register(
    EventType(
        "telling:listed",
        sentence=_("%(actor)s looked at who is to be rung or written to"),
        details={"people": OnErasure.DROP, "tellings": OnErasure.DROP},
        reading=True,
    )
)
TELLING_DONE = register(
    EventType(
        "telling:done",
        sentence=_("%(actor)s told them by hand (%(whom)s)"),
        details={**_REFERRAL, "whom": OnErasure.KEEP},
    )
)
DESK_CHANGED = register(
    EventType(
        "receiving_desk:changed",
        sentence=_("%(actor)s changed where an organisation is told of referrals"),
        details={"desk": OnErasure.KEEP},
    )
)
CAPACITY_SET = register(
    EventType(
        "capacity:set",
        sentence=_("%(actor)s said whether a service has room: %(state)s"),
        details={"service": OnErasure.KEEP, "state": OnErasure.KEEP},
    )
)
MY_REFERRALS_PRINTED = register(
    EventType(
        "person:referrals_printed",
        sentence=_("%(actor)s printed the person's referrals for them"),
        reading=True,
    )
)
TIMELINE_VIEWED = register(
    EventType(
        "person:timeline_viewed",
        sentence=_("%(actor)s looked at what has happened with the person"),
        reading=True,
    )
)
