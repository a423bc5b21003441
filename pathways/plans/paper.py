"""The plan on paper: in three sizes of print, and as Easy Read."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass

from django.template.loader import render_to_string
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dcsn.network import network
from dcsn.printing import PrintSize, render_pdf
from pathways.models import Action, Part, PlanAgreement
from pathways.plans.circle import Circle
from pathways.plans.page import PlanPage, Section, ShownGoal

# After a full stop, question mark or exclamation mark; "e.g. this" and "St. John" go on.
_SENTENCE_ENDS = re.compile(
    r"(?<=[.!?…])(?<!\be\.g\.)(?<!\bSt\.)(?<!\bMr\.)(?<!\bDr\.)(?<!\bMrs\.)\s+(?=[^a-z])"
)


def plan_pdf(page: PlanPage, size: PrintSize) -> bytes:
    """All that this reader sees of the plan, in that size."""
    return render_pdf(
        "print/plan.html",
        {
            "page": page,
            "plan": page.plan,
            "person": page.plan.pathway.person,
            "circle_drawing": drawing_address(page.circle) if page.circle else "",
            "names": _names(page),
        },
        size=size,
        title=_title(),
        header="",
    )


def easy_read_pdf(page: PlanPage, size: PrintSize = PrintSize.LARGE) -> bytes:
    """Short lines, one idea on each, a drawing beside it; never smaller than large print."""
    return render_pdf(
        "print/plan_easy.html",
        {
            "person": page.plan.pathway.person,
            "chapters": [*chapters(page), *_last()],
            "circle_drawing": drawing_address(page.circle) if page.circle else "",
        },
        size=max(size, PrintSize.LARGE),
        title=_title(),
        header="",
    )


def _title() -> str:
    return _("My plan")


def _names(page: PlanPage) -> list[tuple[str, PlanAgreement | None]]:
    """The three lines at the end, with a name where somebody has agreed."""
    under = {one.role: one for one in page.agreements}
    return [(str(role.label), under.get(role)) for role in PlanAgreement.Role]


def drawing_address(circle: Circle) -> str:
    svg = render_to_string("pathways/plans/circle.svg", {"circle": circle})
    return f"data:image/svg+xml;base64,{b64encode(svg.encode()).decode()}"


def one_idea_a_line(text: str) -> list[str]:
    """Sentences and lines, each by itself."""
    return [
        sentence.strip()
        for line in text.splitlines()
        for sentence in _SENTENCE_ENDS.split(line)
        if sentence.strip()
    ]


# What is on each drawing of static/print/easy: a document that is read aloud says it too.
DRAWINGS: dict[str, str | Promise] = {
    "me": gettext_lazy("A person"),
    "matters": gettext_lazy("A heart"),
    "good-day": gettext_lazy("The sun"),
    "bad-day": gettext_lazy("A rain cloud"),
    "support": gettext_lazy("Two people side by side"),
    "goal": gettext_lazy("A flag on a hill"),
    "know": gettext_lazy("A tick in a box"),
    "when": gettext_lazy("A calendar"),
    "who": gettext_lazy("Three people"),
    "strength": gettext_lazy("A star"),
    "risk": gettext_lazy("A warning sign"),
    "think": gettext_lazy("A thought"),
    "decide": gettext_lazy("A paper and a pen"),
    "share": gettext_lazy("A paper that is passed on"),
    "phone": gettext_lazy("A telephone"),
}


@dataclass(frozen=True)
class Line:
    """One idea: what it is about (bold), the words, and the drawing beside them."""

    drawing: str
    words: list[str]
    about: str = ""

    @property
    def shows(self) -> str:
        return str(DRAWINGS[self.drawing])


@dataclass(frozen=True)
class Chapter:
    """A heading and its lines. ``picture``: of the person's own, instead of a drawing."""

    title: str
    lines: list[Line]
    picture: str = ""
    picture_shows: str = ""
    is_circle: bool = False


# As many ideas stand beside one drawing.
BESIDE = 3
_DRAWINGS = {
    Part.ABOUT_ME: "me",
    Part.MATTERS: "matters",
    Part.GOOD_DAY: "good-day",
    Part.BAD_DAY: "bad-day",
    Part.SUPPORT: "support",
    Part.CONTINGENCY: "phone",
}


def chapters(page: PlanPage) -> Iterator[Chapter]:
    """The plan as Easy Read, in its order; what is empty is left out."""
    for section in page.about:
        yield from _words(section)
    if page.circle and page.circle.people:
        yield Chapter(_("The people round me"), list(_circle(page.circle)), is_circle=True)
    for shown in page.live_goals:
        yield Chapter(_("I want this"), list(_goal(shown)))
    if page.other_actions:
        lines = [line for one in page.other_actions for line in _action(one)]
        if lines:
            yield Chapter(_("What else is done"), lines)
    for risk in page.risks:
        lines = [Line("risk", one_idea_a_line(risk.words))]
        if risk.own_view:
            lines.append(Line("think", one_idea_a_line(risk.own_view), _("I think:")))
        lines += [
            Line("decide", one_idea_a_line(one.decision), _("We decided:"))
            for one in risk.decisions.all()
        ]
        yield Chapter(_("This could go wrong"), lines)
    if page.contingency is not None:
        yield from _words(page.contingency)


def _last() -> Iterator[Chapter]:
    helpline = network().helpline
    lines = [
        Line("decide", [_("I can change my plan."), _("I can ask at any time.")]),
        Line("share", [_("I say who may see it."), _("I can change my mind.")]),
    ]
    if helpline:
        lines.append(Line("phone", [helpline], _("I can ring:")))
    yield Chapter(_("It is my plan"), lines)


def _words(section: Section) -> Iterator[Chapter]:
    picture = section.picture_address
    ideas = one_idea_a_line(section.words)
    if not ideas and not picture:
        return
    drawing = _DRAWINGS[section.part]
    # The drawing stands beside the first few; those below need no second.
    lines = [Line(drawing, ideas[:BESIDE])] if ideas else []
    lines += [Line("", [idea]) for idea in ideas[BESIDE:]]
    yield Chapter(
        str(section.part.label),
        lines,
        picture,
        section.row.picture_shows if section.row and picture else "",
    )


def _circle(circle: Circle) -> Iterator[Line]:
    for one in circle.people:
        member = one.member
        words = [f"{one.number}. {member.name}"]
        if member.relation:
            words.append(capfirst(member.relation))
        words += one_idea_a_line(member.gives)
        yield Line("", words)


def _goal(shown: ShownGoal) -> Iterator[Line]:
    goal = shown.goal
    yield Line("goal", one_idea_a_line(goal.words))
    if goal.measure:
        yield Line("know", one_idea_a_line(goal.measure), _("I will know it works when:"))
    if goal.due_on:
        yield Line("when", [date_format(goal.due_on, "j F Y")], _("I want it by:"))
    if goal.achievement:
        yield Line("strength", [capfirst(str(goal.get_achievement_display()))], _("How far I am:"))
    for action in shown.actions:
        yield from _action(action)


def _action(action: Action) -> Iterator[Line]:
    if action.done_on or action.stopped_on:
        return
    words = one_idea_a_line(action.words)
    if action.when:
        words.append(capfirst(action.when))
    yield Line("who", words, f"{action.who}:" if action.who else "")
