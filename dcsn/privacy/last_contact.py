"""When somebody was last in touch: each app says which of its rows are a contact.

Retention counts from the last contact, and only the apps know what one is. In ``<app>/privacy.py``::

    last_contact.register(
        Contact(
            "referrals",
            rows=lambda since: Referral.objects.filter(changed_at__gte=since),
            is_case=True,
        )
    )
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

EVER = datetime(1, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Contact:
    """One app's kind of contact.

    :param rows: the rows of contacts at or after a moment, as a lazy QuerySet.
    :param person: the path from such a row to the person's id.
    :param is_case: help was arranged, so that the record is kept as a case is (``KEEP_CASE_DAYS``);
        otherwise information was given (``KEEP_INFORMATION_DAYS``).
    """

    name: str
    rows: Callable[[datetime], QuerySet[Any]]
    person: str = "person_id"
    is_case: bool = False


_contacts: dict[str, Contact] = {}


def register(contact: Contact) -> None:
    """Add a kind of contact; twice under one name is an error."""
    if contact.name in _contacts:
        raise ValueError(f"Two kinds of contact are called {contact.name!r}.")
    _contacts[contact.name] = contact


def in_contact(since: datetime) -> Q:
    """A condition on a QuerySet of people: in touch at or after ``since``, in any way."""
    return _any(_contacts.values(), since)


def had_a_case(since: datetime = EVER) -> Q:
    """A condition on a QuerySet of people: had a case at or after ``since``; by default ever."""
    return _any((contact for contact in _contacts.values() if contact.is_case), since)


def _any(contacts: Any, since: datetime) -> Q:
    found = Q(pk__in=[])
    for contact in contacts:
        found |= Q(Exists(contact.rows(since).filter(**{contact.person: OuterRef("pk")})))
    return found
