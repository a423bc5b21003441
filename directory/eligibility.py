"""Who a service is for, in words: the same on the page and on paper."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from directory.models import EligibilityRule, EligibilityTerm, Service


def ages_in_words(service: Service) -> str:
    """``Aged 60 and over``; empty when no age is known."""
    youngest, oldest = service.minimum_age, service.maximum_age
    if youngest is not None and oldest is not None:
        return _("Aged %(youngest)d to %(oldest)d") % {"youngest": youngest, "oldest": oldest}
    if youngest is not None:
        return _("Aged %(youngest)d and over") % {"youngest": youngest}
    if oldest is not None:
        return _("Up to the age of %(oldest)d") % {"oldest": oldest}
    return ""


def groups_in_words(service: Service) -> Iterator[str]:
    """``Caring for someone: carers``, ``Disability: open to all``, a line a group that is known.

    The group of ages is left out where the ages themselves are known: they say it exactly, and a
    reader should not be told twice. Reads ``eligibility_rules__terms``: prefetch them.
    """
    has_ages = bool(ages_in_words(service))
    for rule in service.eligibility_rules.all():
        if rule.group == EligibilityTerm.Group.AGE and has_ages:
            continue
        group = str(rule.get_group_display())
        if rule.openness == EligibilityRule.Openness.ALL:
            yield _("%(group)s: open to all") % {"group": group}
        elif names := [term.name for term in rule.terms.all()]:
            yield _("%(group)s: %(terms)s") % {"group": group, "terms": ", ".join(names)}
