"""Questions for the safety net, in every state, made by the actions themselves.

asked(organisation=…)              waits for an answer
refused(by=…)                      not granted
granted(by=…, joined=date(…))      granted, with its term
"""

from __future__ import annotations

from typing import Any

from dcsn.accounts.models import User
from members.models import Concession
from members.safety_net.actions import ask, grant, refuse
from members.safety_net.appeals import appeal
from tests.factories.membership import TESTS, membership


def asked(**facts: Any) -> Concession:
    """By default somebody with a benefit, who said nothing more; nothing was looked at yet."""
    about = facts.pop("membership", None) or membership(
        source=None, **{k: facts.pop(k) for k in ("person", "plan", "organisation") if k in facts}
    )
    return ask(
        membership=about,
        ground=facts.pop("ground", Concession.Ground.BENEFIT),
        via=facts.pop("via", Concession.Via.DESK),
        by=facts.pop("by", TESTS),
        **facts,
    )


def granted(*, by: User, **facts: Any) -> Concession:
    return grant(concession=asked(**facts), evidence=Concession.Evidence.BENEFIT_LETTER, by=by)


def refused(*, by: User, **facts: Any) -> Concession:
    return refuse(concession=asked(**facts), reasons="We know too little.", by=by)


def appealed(*, by: User, **facts: Any) -> Concession:
    return appeal(concession=refused(by=by, **facts), via=Concession.Via.PHONE, by=TESTS)
