"""What those on a rota hear, each in the way they chose; who is rung stands on the shift's page.

Messages say when, and nothing of the role or of anybody else. A key keeps each to once.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from dcsn.accounts.models import User
from dcsn.audit import Actor, SystemJob
from dcsn.forms.clock import write_time
from dcsn.messages import Recipient, queue_message
from dcsn.network import network
from volunteers.access import is_persons_own
from volunteers.actions.shifts import could_step_in
from volunteers.booking import Span
from volunteers.helping.telling import way_to
from volunteers.models import Shift, ShiftExchange, ShiftPlace
from volunteers.rules import may_be_contacted

# The name under which ``actions.shifts.move_up`` gives a place to whoever waits.
WAITING_LIST = "waiting list"
# A letter is quick enough for what is further away than this.
_BY_POST = timedelta(days=6)
_STATE = ShiftPlace.State


def when_in_words(span: Span | Shift) -> str:
    """ "Tuesday 1 December, 10am to noon", by the clock in London."""
    begins, ends = timezone.localtime(span.starts_at), timezone.localtime(span.ends_at)
    return _("%(day)s, %(starts)s to %(ends)s") % {
        "day": date_format(begins, "l j F"),
        "starts": write_time(begins.time()),
        "ends": write_time(ends.time()),
    }


def place_moved(
    sender: Any, *, place: ShiftPlace, by: Actor, exchanged: bool = False, **rest: Any
) -> None:
    """Moved up, put on by staff, or no longer on it. What somebody did themself they know; of an exchange
    both hear by :func:`exchange_moved`."""
    if exchanged:
        return
    if isinstance(by, SystemJob):
        if by.name == WAITING_LIST and place.state == _STATE.CONFIRMED:
            tell(
                place,
                key=f"shift-place:{place.pk}:moved-up",
                subject=_("A place has come free for you"),
                body=_(
                    "Hello,\n\nyou were on the waiting list for a shift: a place has come free, and it is "
                    "yours.\n\n%(when)s\n\nIf it does not suit you any more, give it back: nobody asks why.\n"
                    "%(page)s\n\n%(network)s, %(helpline)s"
                ),
                by=by,
            )
        return
    if is_persons_own(by, place.volunteer.person):
        return
    if place.state == _STATE.CONFIRMED:
        tell(
            place,
            key=f"shift-place:{place.pk}:put-on",
            subject=_("You are on the rota"),
            body=_(
                "Hello,\n\nyou are down for a shift:\n\n%(when)s\n\nIf it does not suit you, give it back: "
                "nobody asks why.\n%(page)s\n\n%(network)s, %(helpline)s"
            ),
            by=by,
        )
    elif place.state == _STATE.GIVEN_BACK:
        tell(
            place,
            key=f"shift-place:{place.pk}:off",
            subject=_("You need not come to a shift"),
            body=_(
                "Hello,\n\nyou are no longer down for this shift, because somebody else does it or it was "
                "arranged anew:\n\n%(when)s\n\nYour other shifts stay as they are.\n%(page)s\n\n"
                "%(network)s, %(helpline)s"
            ),
            by=by,
        )


def swap_offered(sender: Any, *, place: ShiftPlace, by: Actor, **rest: Any) -> None:
    """Somebody cannot come and offers their place: those who could step in hear when, and not whose it is.
    Offered again, it is told once."""
    for volunteer in could_step_in(place.shift):
        tell(
            ShiftPlace(shift=place.shift, volunteer=volunteer),
            key=f"shift-place:{place.pk}:swap:{volunteer.pk}",
            subject=_("Could you step in?"),
            body=_(
                "Hello,\n\nsomebody of your role cannot come to their shift:\n\n%(when)s\n\nIf it suits you, "
                "take it over here. If it does not, you need do nothing.\n%(page)s\n\n"
                "%(network)s, %(helpline)s"
            ),
            letters=False,
            by=by,
        )


def exchange_moved(sender: Any, *, exchange: ShiftExchange, by: Actor, **rest: Any) -> None:
    """Whoever is asked hears it, whoever asked hears the answer; neither hears who the other is."""
    key, state = f"shift-exchange:{exchange.pk}:{exchange.state}", exchange.state
    mine, theirs = exchange.offered, exchange.wanted
    if state == ShiftExchange.State.ASKED:
        tell(
            theirs,
            key=key,
            subject=_("Would you exchange a shift?"),
            body=_(
                "Hello,\n\nsomebody asks whether you would exchange a shift with them.\n\nYours: %(when)s\n"
                "Instead: %(other)s\n\nSay yes or no here. A no is fine: nobody asks why, and until you say "
                "yes your shift stays yours.\n%(page)s\n\n%(network)s, %(helpline)s"
            ),
            words={"other": when_in_words(mine.shift)},
            letters=False,
            by=by,
        )
    elif state == ShiftExchange.State.DONE:
        for gives, takes in ((mine, theirs), (theirs, mine)):
            if isinstance(by, User) and is_persons_own(by, gives.volunteer.person):
                continue
            tell(
                gives,
                key=f"{key}:{gives.pk}",
                subject=_("Your shift is exchanged"),
                body=_(
                    "Hello,\n\nthe exchange of two shifts is agreed.\n\nNot yours any more: %(when)s\n"
                    "Yours now: %(other)s\n\nIf it does not suit you after all, give it back: nobody asks "
                    "why.\n%(page)s\n\n%(network)s, %(helpline)s"
                ),
                words={"other": when_in_words(takes.shift)},
                by=by,
            )
    elif state in (ShiftExchange.State.DECLINED, ShiftExchange.State.OVER):
        if _goes_on(exchange):
            return
        tell(
            mine,
            key=key,
            subject=_("You keep your shift"),
            body=_(
                "Hello,\n\nthe exchange you asked for did not come about, and your shift stays yours:\n\n"
                "%(when)s\n\nYou would have had: %(other)s\n\nYou can ask for another, offer yours to all, "
                "or give it back: nobody asks why.\n%(page)s\n\n%(network)s, %(helpline)s"
            ),
            words={"other": when_in_words(theirs.shift)},
            by=by,
        )


def _goes_on(exchange: ShiftExchange) -> bool:
    """Whoever asked need not hear: another of that shift may still say yes, or their own place has gone."""
    place = ShiftPlace.objects.get(pk=exchange.offered_id)
    asked = ShiftExchange.objects.filter(
        offered=place,
        wanted__shift=exchange.wanted.shift_id,
        state=ShiftExchange.State.ASKED,
    )
    called_off = exchange.offered.shift.cancelled_at is not None
    return place.state != _STATE.CONFIRMED or called_off or asked.exists()


def changed(sender: Any, *, shift: Shift, was: Span, by: Actor, **rest: Any) -> None:
    """The shift is at another time."""
    for place in _to_tell(shift):
        tell(
            place,
            key=f"shift:{shift.pk}:{shift.version}:{place.pk}",
            subject=_("A shift of yours is at another time"),
            body=_(
                "Hello,\n\nthis shift of yours is at another time.\n\nBefore: %(was)s\nNow: %(when)s\n\nIf "
                "it does not suit you, give it back: nobody asks why.\n%(page)s\n\n%(network)s, %(helpline)s"
            ),
            words={"was": when_in_words(was)},
            by=by,
        )


def called_off(sender: Any, *, shift: Shift, words: str, by: Actor, **rest: Any) -> None:
    """The shift is called off; whoever called it off may have added words."""
    for place in _to_tell(shift):
        tell(
            place,
            key=f"shift:{shift.pk}:off:{place.pk}",
            subject=_("A shift of yours is called off"),
            body=_(
                "Hello,\n\nthis shift is called off, so you need not come:\n\n%(when)s\n\n%(words)s"
                "Thank you for being ready to come.\n%(page)s\n\n%(network)s, %(helpline)s"
            ),
            words={"words": f"{words}\n\n" if words else ""},
            by=by,
        )


def remind(place: ShiftPlace, *, by: Actor) -> bool:
    """The day before. The day is in the key: at another time it is another shift to think of."""
    day = timezone.localtime(place.shift.starts_at).date().isoformat()
    return tell(
        place,
        key=f"shift-place:{place.pk}:reminder:{day}",
        subject=_("Your shift tomorrow"),
        body=_(
            "Hello,\n\nthis is to remind you of your shift:\n\n%(when)s\n\nIf you cannot come, please tell "
            "us, or give it back here: nobody asks why.\n%(page)s\n\nThank you.\n\n%(network)s, %(helpline)s"
        ),
        by=by,
    )


def _to_tell(shift: Shift) -> list[ShiftPlace]:
    rows = shift.shift_places.filter(state__in=[_STATE.CONFIRMED, _STATE.WAITING])
    places = list(rows.select_related("volunteer__person").order_by("joined_at", "id"))
    for place in places:
        place.shift = shift
    return places


def tell(
    place: ShiftPlace,
    *,
    key: str,
    subject: str,
    body: str,
    by: Actor,
    words: dict[str, str] | None = None,
    letters: bool = True,
) -> bool:
    """Put it into the outbox. False where somebody has to ring, or nobody may get in touch."""
    shift, person = place.shift, place.volunteer.person
    soon = shift.starts_at - timezone.now() < _BY_POST
    way = way_to(person, letters=letters and not soon)
    if way is None or person is None or not may_be_contacted(place.volunteer):
        return False
    here = network()
    channel, address = way
    queue_message(
        channel=channel,
        key=key,
        to=Recipient(person.name, address),
        subject=subject,
        body=body
        % {
            "when": when_in_words(shift),
            "page": f"{settings.SITE_ADDRESS}{reverse('volunteers:my_shifts')}",
            "network": here.name,
            "helpline": here.helpline,
            **(words or {}),
        },
        by=by,
        about=person.pk,
        organisation=shift.opportunity.organisation_id,
        size=person.print_size or 18,
    )
    return True
