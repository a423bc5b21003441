"""The audit trail about a person: they may read it; at an erasure it is redacted, not removed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from dcsn.audit.models import Event
from dcsn.privacy import Basis, Kept, PersonLink, classified, register, retention

FIELDS = {
    "audit.Event": classified(
        Kept(
            _(
                "for good: it holds ids and names of fields, no values; what else an event was about "
                "goes at an erasure, or after eight years"
            ),
            setting="KEEP_AUDIT_DAYS",
        ),
        personal="actor_user subject details",
        safe="id type happened_at actor_job organisation fields redacted_at",
        basis=Basis.LEGAL_DUTY,
    ),
}


_left_out: list[tuple[str, Callable[[UUID], Iterable[UUID]]]] = []


def leave_out_of_copies(detail: str, ids: Callable[[UUID], Iterable[UUID]]) -> None:
    """Say of which records a person's copy tells nothing: ``ids(person)``, by the name of the detail under
    which events name them."""
    _left_out.append((detail, ids))


def _is_left_out(person: UUID) -> Callable[[Event], bool]:
    hidden = [(detail, {str(found) for found in ids(person)}) for detail, ids in _left_out]
    return lambda event: any(str(event.details.get(name)) in ids for name, ids in hidden)


def _export(person: UUID) -> list[dict[str, Any]]:
    """Who looked and who changed what, without naming staff: their role is what the person may ask."""
    left_out = _is_left_out(person)
    return [
        {
            "what": event.sentence(str(_("Somebody who works for the network"))),
            "when": event.happened_at,
            "fields": list(event.fields),
        }
        for event in Event.objects.for_the_person(person)
        if not left_out(event)
    ]


def _erase(person: UUID) -> int:
    """Redact the events that hold anything to be dropped; returns how many."""
    events = Event.objects.about(person).filter(redacted_at=None)
    telling = [event.pk for event in events if event.details_after_erasure() != event.details]
    return Event.objects.filter(pk__in=telling).redact()


register(
    Event,
    PersonLink(
        heading=_("Who has looked, and what was changed"),
        export=_export,
        erase=_erase,
        keep=_(
            "That somebody looked or changed something, when, and who it was, without what it was "
            "about: so that misuse can still be found (UK GDPR Article 5(2))."
        ),
        order=50,
    ),
)

retention.register(
    retention.RetentionClass(
        name="audit.events",
        what=_("What an event in the audit trail was about, besides its subject"),
        becomes=_("That something happened, when, by whom and to which record stays."),
        setting="KEEP_AUDIT_DAYS",
        due=lambda before: Event.objects.filter(happened_at__lt=before, redacted_at=None),
        apply=lambda keys: Event.objects.filter(pk__in=keys).redact(),
        person="subject",
    )
)
