"""Telling the volunteer and the person, in the way each chose; nothing personal stands in a message.

Who is to be rung gets no message: the board says whom to ring (:func:`way_to`).
"""

from __future__ import annotations

from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from dcsn.audit import Actor
from dcsn.messages import Channel, Recipient, queue_message
from dcsn.messages.adapters import is_offered
from dcsn.messages.sealed import seal
from dcsn.network import network
from members.models import ContactBy, Person
from volunteers.actions.series import SeriesChange
from volunteers.helping.links import SEALS
from volunteers.helping.request_links import SEAL
from volunteers.models import HelpRequest, Offer, Visit
from volunteers.states import OfferState, Party


def way_to(person: Person | None, *, letters: bool = False) -> tuple[Channel, str] | None:
    """The channel and the address by which a message reaches somebody, or ``None``: ring them.

    Never more than the one way they chose; without a choice an e-mail address will do.

    :param letters: whether a letter is quick enough for this.
    """
    if person is None or person.erased_at is not None:
        return None
    if person.contact_by in (ContactBy.EMAIL, "") and person.email:
        return Channel.EMAIL, person.email
    if person.contact_by == ContactBy.SMS and person.phone and is_offered(Channel.SMS):
        return Channel.SMS, person.phone
    if letters and person.contact_by == ContactBy.POST and person.address_lines:
        return Channel.LETTER, "\n".join(person.address_lines)
    return None


def offer_moved(sender: Any, *, offer: Offer, by: Actor, **rest: Any) -> None:
    """Asked: the volunteer hears. The volunteer said yes: the person hears."""
    request = offer.help_request
    if offer.state == OfferState.OFFERED and offer.lapses_at is not None:
        _tell(
            offer.volunteer.person,
            key=f"offer:{offer.pk}:volunteer",
            subject=_("Could you lend a hand?"),
            body=_(
                "Hello,\n\nsomebody near you would like a hand. This page says what and when, and you say "
                "yes or no there:\n\n%(link)s\n\nPlease answer by %(until)s. A no is fine: nobody asks why, "
                "and we gladly ask you again another time.\n\n%(network)s, %(helpline)s"
            ),
            words={
                "link": seal(SEALS[Party.VOLUNTEER], offer.pk),
                "until": date_format(offer.lapses_at, "l j F"),
            },
            by=by,
            request=request,
        )
    elif offer.state == OfferState.ACCEPTED and offer.person_accepted_at is None:
        _tell(
            request.person,
            key=f"offer:{offer.pk}:person",
            subject=_("We have found a volunteer: %(reference)s")
            % {"reference": request.reference},
            body=_(
                "Hello,\n\na volunteer would like to help you. Nobody comes before you say yes. Please say "
                "yes or no on this page:\n\n%(link)s\n\nor ring us.\n\n%(network)s, %(helpline)s"
            ),
            words={"link": seal(SEALS[Party.PERSON], offer.pk)},
            by=by,
            request=request,
        )


def tell_how_it_stands(request: HelpRequest, *, by: Actor) -> bool:
    """Nobody was found yet: say so, and when they hear again. False where somebody has to ring."""
    if request.follow_up_on is None:
        return False
    return _tell(
        request.person,
        key=f"help:{request.pk}:{request.follow_up_on.isoformat()}",
        subject=_("What you asked us for: %(reference)s") % {"reference": request.reference},
        body=_(
            "Hello,\n\nwe have not found anybody yet for what you asked us. We go on looking, and you hear "
            "from us again by %(day)s.\n\nIf it cannot wait, or is no longer needed, please ring us.\n\n"
            "%(network)s, %(helpline)s"
        ),
        words={"day": date_format(request.follow_up_on, "l j F")},
        by=by,
        request=request,
        letters=True,
    )


def tell_of_visits(visit: Visit, *, by: Actor) -> list[Person]:
    """A visit was agreed, moved or cancelled: both sides look it up on their own page. Several of one offer
    at once are one message.

    :returns: those who get none, and are to be rung.
    """
    offer, request = visit.offer, visit.offer.help_request
    when = visit.cancelled_at or visit.moved_at or visit.created_at
    to_ring = []
    for side, person, link in (
        (Party.PERSON, request.person, seal(SEAL, request.pk)),
        (Party.VOLUNTEER, offer.volunteer.person, seal(SEALS[Party.VOLUNTEER], offer.pk)),
    ):
        told = _tell(
            person,
            key=f"visit:{visit.pk}:{side}:{when.isoformat()}",
            subject=_("Your visit: %(reference)s") % {"reference": request.reference},
            body=_(
                "Hello,\n\nsomething about your visit is new. This page says what is agreed now:\n\n"
                "%(link)s\n\nor ring us.\n\n%(network)s, %(helpline)s"
            ),
            words={"link": link},
            by=by,
            request=request,
        )
        if not told and person is not None:
            to_ring.append(person)
    return to_ring


def tell_of_series(done: SeriesChange, *, by: Actor) -> list[Person]:
    """Help that comes again is at another time from now on. Both sides look it up on their page; whoever is
    let go hears that they need not come, and the person that somebody else is looked for.

    :returns: those who get no message, and are to be rung.
    """
    request = done.help_request
    person, key = request.person, f"help:{request.pk}:series:{request.version}"
    subject = _("Another time: %(reference)s") % {"reference": request.reference}
    link = seal(SEAL, request.pk)
    sides: list[tuple[str, Person | None, str, dict[str, str]]] = []
    if done.offer is not None:
        again = _(
            "Hello,\n\nthe visits that come again are at another time from now on. This page says what is "
            "agreed now:\n\n%(link)s\n\nIf it does not suit you, tell us: nobody asks why.\n\n"
            "%(network)s, %(helpline)s"
        )
        theirs = seal(SEALS[Party.VOLUNTEER], done.offer.pk)
        sides = [
            ("person", person, again, {"link": link}),
            ("volunteer", done.offer.volunteer.person, again, {"link": theirs}),
        ]
    elif done.let_go is not None:
        off = _(
            "Hello,\n\nwhat you were asked to help with is at another time from now on, which does not go "
            "with what else we know of you. You need not come any more, or answer. Thank you for being ready "
            "to help; we gladly ask you again.\n\n%(network)s, %(helpline)s"
        )
        sides = [("volunteer", done.let_go.volunteer.person, off, {})]
        if done.let_go.volunteer_accepted_at is not None:
            looked_for = _(
                "Hello,\n\nthe help you asked for is at another time from now on, and we look for a "
                "volunteer who can come then. This page says how it stands:\n\n%(link)s\n\nor ring us.\n\n"
                "%(network)s, %(helpline)s"
            )
            sides.append(("person", person, looked_for, {"link": link}))
    to_ring = []
    for side, who, body, words in sides:
        told = _tell(
            who,
            key=f"{key}:{side}",
            subject=subject,
            body=body,
            words=words,
            by=by,
            request=request,
        )
        if not told and who is not None:
            to_ring.append(who)
    return to_ring


def ask_how_it_went(request: HelpRequest, *, by: Actor) -> bool:
    """Did you get the help? False where somebody at the desk has to ask."""
    return _tell(
        request.person,
        key=f"help:{request.pk}:how",
        subject=_("A question about %(reference)s") % {"reference": request.reference},
        body=_(
            "Hello,\n\ndid you get the help you asked us for? Please tell us on this page; it takes a "
            "minute:\n\n%(link)s\n\nor ring us.\n\n%(network)s, %(helpline)s"
        ),
        words={"link": seal(SEAL, request.pk)},
        by=by,
        request=request,
    )


def tell_passed_on(request: HelpRequest, words_for_them: str, *, by: Actor) -> bool:
    """It went to somebody better placed, in the words that were chosen. False where somebody rings."""
    return _tell(
        request.person,
        key=f"help:{request.pk}:passed-on",
        subject=_("What you asked us for: %(reference)s") % {"reference": request.reference},
        body="%(words)s\n\n%(network)s, %(helpline)s",
        words={"words": words_for_them},
        by=by,
        request=request,
        letters=True,
    )


def _tell(
    person: Person | None,
    *,
    key: str,
    subject: str,
    body: str,
    words: dict[str, str],
    by: Actor,
    request: HelpRequest,
    letters: bool = False,
) -> bool:
    way = way_to(person, letters=letters)
    if way is None or person is None:
        return False
    here = network()
    channel, address = way
    queue_message(
        channel=channel,
        key=key,
        to=Recipient(person.name, address),
        subject=subject,
        body=body % {**words, "network": here.name, "helpline": here.helpline},
        by=by,
        about=person.pk,
        organisation=request.organisation_id,
        size=person.print_size or 18,
    )
    return True
