"""How a person is asked whether they got the help: in which way, in which words, and when it is enough.

What leaves the house in an e-mail or a text message says nothing about anybody: a question is waiting,
behind this link, with this reference. A letter lies in an envelope and may name the service, unless its
place is kept confidential.
"""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dcsn.network import network
from directory.models import Service
from members.models import ContactBy, Person
from referrals.models import Attempt, PersonalLink, Referral

_WAY_OF = {
    ContactBy.POST: Attempt.Way.LETTER,
    ContactBy.EMAIL: Attempt.Way.EMAIL,
    ContactBy.SMS: Attempt.Way.SMS,
}
# A try counts when it could have been answered, and was not.
_COUNTING = frozenset(
    {
        Attempt.Result.SENT,
        Attempt.Result.NO_ANSWER,
        Attempt.Result.LEFT_MESSAGE,
        Attempt.Result.WRONG_DETAILS,
    }
)


def way_chosen(person: Person) -> Attempt.Way | None:
    """What they chose, when the portal can do it by itself."""
    return _WAY_OF.get(ContactBy(person.contact_by)) if person.contact_by else None


def address_for(person: Person, way: str) -> str:
    """Where to; "" when it is not known."""
    if way == Attempt.Way.LETTER:
        return "\n".join(person.address_lines) if person.address_1 and person.postcode else ""
    if way == Attempt.Way.EMAIL:
        return person.email
    if way == Attempt.Way.SMS:
        return person.phone
    return ""


def tries_made(attempts: Iterable[Attempt]) -> tuple[int, int]:
    """How many tries, and in how many ways. Ringing twice on one day is one try."""
    counting = {
        (one.way, timezone.localtime(one.at).date()) for one in attempts if one.result in _COUNTING
    }
    return len(counting), len({way for way, _day in counting})


def missing_tries(attempts: Iterable[Attempt]) -> str:
    """What must still be tried before "could not be reached"; "" when it is enough."""
    from referrals.actions.asking import TRIES_NEEDED, WAYS_NEEDED

    tries, ways = tries_made(attempts)
    left = TRIES_NEEDED - tries
    said = []
    if left > 0:
        said.append(
            ngettext(
                "Try once more, on another day.",
                "Try %(count)d more times, on different days.",
                left,
            )
            % {"count": left}
        )
    if ways < WAYS_NEEDED:
        said.append(_("Try in another way too: two ways are needed."))
    return " ".join(said)


def may_be_named(service: Service) -> bool:
    """Whether a letter, or a page behind a link, may name it: not a refuge."""
    return not service.service_at_locations.filter(location__is_confidential=True).exists()


def link_address(link: PersonalLink) -> str:
    name = "referrals:answer" if link.kind == PersonalLink.Kind.ANSWER else "referrals:mine_link"
    return f"{settings.SITE_ADDRESS}{reverse(name, args=[link.code])}"


def site_to_type() -> str:
    """The portal's address as somebody types it."""
    return network().short_address or urlsplit(settings.SITE_ADDRESS).netloc


def spoken_day(referral: Referral) -> str:
    sent = referral.requested_at or referral.created_at
    return date_format(timezone.localtime(sent), "j F Y")


def words_for(way: str, *, referral: Referral, link: PersonalLink) -> tuple[str, str]:
    """Subject and text. Of the person nothing but a reference, except in a letter."""
    here = network()
    if way == Attempt.Way.SMS:
        return "", _(
            "%(network)s: we have a question for you, as agreed. %(link)s or ring %(number)s"
        ) % {
            "network": here.name,
            "link": link_address(link),
            "number": here.helpline,
        }
    if way == Attempt.Way.EMAIL:
        return (
            _("A question from %(network)s (%(reference)s)")
            % {"network": here.name, "reference": referral.reference},
            _(
                "Hello,\n\n"
                "We said that we would ask you how it went. Please answer here; it takes a minute and you "
                "need no password:\n\n%(link)s\n\n"
                "The link works until %(until)s and can be used once.\n\n"
                "If you would rather talk to somebody, ring %(number)s and say %(reference)s. "
                "You need not answer. If you do not want to be asked again, tell us.\n\n"
                "%(network)s"
            )
            % {
                "link": link_address(link),
                "until": date_format(timezone.localtime(link.expires_at), "j F Y"),
                "number": here.helpline,
                "reference": referral.reference,
                "network": here.name,
            },
        )
    return _("Did you get the help?"), letter_text(referral)


def letter_text(referral: Referral) -> str:
    """The letter without its reply form, which is printed with it."""
    if may_be_named(referral.service):
        asked = _(
            "On %(day)s we asked “%(service)s” to help you (our reference is %(reference)s)."
        ) % {
            "day": spoken_day(referral),
            "service": referral.service.name,
            "reference": referral.reference,
        }
    else:
        asked = _("On %(day)s we asked for help for you (our reference is %(reference)s).") % {
            "day": spoken_day(referral),
            "reference": referral.reference,
        }
    return "\n\n".join(
        [
            asked,
            _("Did you get the help? Please tell us, whatever the answer is."),
            _(
                "Fill in the form with this letter and post it back or hand it in, or ring us. If you did "
                "not get the help, we look for another way."
            ),
        ]
    )
