"""Why somebody else was not suggested: the question that a coordinator asks who knows them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from django.utils.translation import gettext as _

from volunteers.matching import costs
from volunteers.matching.candidate import Candidate
from volunteers.matching.need import Need
from volunteers.matching.outcome import Suggestion
from volunteers.matching.pool import Pool
from volunteers.matching.pricing import Pricing
from volunteers.matching.rules import refusal

WORSE: Mapping[str, Callable[[], str]] = {
    "distance": lambda: _("further away"),
    "kind": lambda: _("has named other kinds of help"),
    "skills": lambda: _("has named fewer of the skills"),
    "interests": lambda: _("shares none of the interests"),
    "fairness": lambda: _("was asked more lately"),
    "continuity": lambda: _("has not helped them before"),
    "free time": lambda: _("has less time around the visit, or has not said when they are free"),
    "handover": lambda: _("has something else within the hour"),
}


def why_not(candidate: Candidate, need: Need, best: Suggestion | None, today: date) -> str:
    """One sentence: the rule that forbids it, or what speaks more for whoever is suggested.

    ``candidate`` as the run saw them. Whoever may not see a volunteer must not be told about them:
    ask only about those of the request's own organisation.
    """
    kept = refusal(candidate, need)
    if kept is not None:
        return kept.reason
    pool = Pool([candidate], [need], today)
    parts = dict(
        zip(costs.PARTS, map(int, Pricing(pool).price(need, keep=1).parts[:, 0]), strict=True)
    )
    if best is None:
        return _("Could go, but is suggested for other requests.")
    worse = {name: parts[name] - best.parts.get(name, 0) for name in costs.PARTS}
    if sum(parts.values()) < best.cost:
        return _("Could go, but all requests together are served better with them elsewhere.")
    name = max(costs.PARTS, key=lambda part: worse[part])
    if worse[name] <= 0:
        return _("Could go just as well.")
    return _("Could go too, but %(worse)s.") % {"worse": WORSE[name]()}
