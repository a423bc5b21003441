"""Why somebody is suggested, as one coordinator would say it to another."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from directory.hours.words import and_list
from directory.results_page import distance_in_words
from volunteers.availability import Span, clashes_with, part_of_day, say_span
from volunteers.matching.candidate import MODE_IN_WORDS, Candidate, Mode
from volunteers.matching.distance import miles_between
from volunteers.matching.need import Need, PreferenceKind


def reasons(candidate: Candidate, need: Need, visit: Span, today: date) -> tuple[str, ...]:
    """What speaks for this pair, in the order in which it is said."""
    said: list[str] = []
    if need.place is not None:
        miles = miles_between(need.place, candidate.place)
        if miles is not None:
            said.append(distance_in_words(miles))
        if candidate.mode is not Mode.NOT_KNOWN:
            said.append(str(MODE_IN_WORDS[candidate.mode]))
    if candidate.said_when_free:
        said.append(_("free %(when)s") % {"when": part_of_day(visit)})
    said += [
        preference.name
        for preference in need.preferences
        if preference.kind is PreferenceKind.LANGUAGE
    ]
    skills = [
        _in_a_sentence(name) for code, name in need.skills.items() if code in candidate.skills
    ]
    if skills:
        said.append(_("can help with %(skills)s") % {"skills": and_list(skills)})
    interests = [
        _in_a_sentence(name) for code, name in need.interests.items() if code in candidate.interests
    ]
    if interests:
        said.append(_("likes %(interests)s") % {"interests": and_list(interests)})
    if candidate.id in need.helped_before_by:
        said.append(_("has helped them before"))
    said.append(lately(candidate, today))
    return tuple(said)


def warnings(candidate: Candidate, need: Need, visit: Span) -> tuple[str, ...]:
    """What is not known, or has to be arranged, before they are asked."""
    said: list[str] = []
    if need.proposes_time:
        said.append(
            _("The request names no time: %(when)s is a proposal.") % {"when": say_span(visit)}
        )
    if not candidate.said_when_free:
        said.append(_("Has not said when they are free: ask."))
    if need.place is not None and candidate.place is None:
        said.append(_("Where they set out from is not known: ask how far it is for them."))
    if need.place is not None and candidate.mode is Mode.NOT_KNOWN:
        said.append(_("Has not said how they travel: ask."))
    if need.kind is not None and candidate.kinds and need.kind not in candidate.kinds:
        said.append(_("Has named other kinds of help."))
    missing = [name for code, name in need.skills.items() if code not in candidate.skills]
    if missing:
        said.append(_("Has not named: %(skills)s.") % {"skills": and_list(missing)})
    said += [
        clash.in_words()
        for one in need.all_of(visit)
        for clash in clashes_with(one, candidate.commitments)
    ]
    return tuple(said)


def also_elsewhere() -> str:
    """What a request is called that the same run suggests to the same volunteer."""
    return _("another request that is suggested to them now")


def suggested_besides() -> str:
    """Said beside a suggestion when the same run gives that volunteer another request."""
    return _("Is suggested for another request too.")


def lately(candidate: Candidate, today: date) -> str:
    """When they last helped, or were last asked."""
    if candidate.last_helped_on is not None:
        return _("last helped %(when)s") % {"when": how_long_ago(candidate.last_helped_on, today)}
    if candidate.last_asked_on is not None:
        return _("last asked %(when)s") % {"when": how_long_ago(candidate.last_asked_on, today)}
    return _("not asked yet")


def how_long_ago(day: date, today: date) -> str:
    """``today``, ``yesterday``, ``5 days ago``, ``5 weeks ago``, ``4 months ago``, ``2 years ago``."""
    days = (today - day).days
    if days <= 0:
        return _("today")
    if days == 1:
        return _("yesterday")
    if days < 14:
        return _("%(days)s days ago") % {"days": days}
    if days < 9 * 7:
        return _("%(weeks)s weeks ago") % {"weeks": days // 7}
    if days < 730:
        return ngettext("%(months)s month ago", "%(months)s months ago", days * 12 // 365) % {
            "months": days * 12 // 365
        }
    return _("%(years)s years ago") % {"years": days // 365}


def _in_a_sentence(name: str) -> str:
    """ "Gardening" as "gardening"; what has a capital besides its first ("British Sign Language") stays."""
    return name if any(letter.isupper() for letter in name[1:]) else name[:1].lower() + name[1:]
