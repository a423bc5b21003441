"""What a letter says. The same for everybody on one plan, whether they paid, were given it or are in the
safety net: whoever opens somebody else's post, or sees the envelope, learns nothing of their purse."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from dateutil.relativedelta import relativedelta
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dcsn.forms import say_pence
from dcsn.network import network
from members.membership.periods import Unit
from members.models import Letter, LetterKind, PlanTerms


@dataclass(frozen=True)
class Said:
    """A letter in plain words. ``ways``: each way to do what is asked; ``slip``: what can be ticked."""

    title: str
    first: tuple[str, ...]
    ways: tuple[str, ...] = ()
    then: tuple[str, ...] = ()
    slip: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """For an e-mail."""
        ways = "\n".join(f"- {way}" for way in self.ways)
        return "\n\n".join(part for part in (self.title, *self.first, ways, *self.then) if part)


def terms_of_the_day(plans: Iterable[UUID], on: date) -> dict[UUID, PlanTerms]:
    """What each plan costs on that day: one query."""
    found: dict[UUID, PlanTerms] = {}
    for terms in PlanTerms.objects.filter(plan__in=set(plans), valid_from__lte=on).order_by(
        "valid_from"
    ):
        found[terms.plan_id] = terms
    return found


def said_in(letter: Letter, terms: PlanTerms, *, on_paper: bool = True) -> Said:
    """``letter`` with its membership's organisation and its term loaded; ``terms`` are those of the day."""
    facts = {
        "until": _day(letter.term.ends_on),
        "desk": letter.membership.organisation.name,
        "price": _price(terms),
        "network": network().name,
        "site": network().short_address,
    }
    match LetterKind(letter.kind):
        case LetterKind.WELCOME:
            return _welcome(letter, facts)
        case LetterKind.RENEWAL:
            return Said(
                title=_("Please renew your membership by %(until)s") % facts,
                first=(facts["price"],),
                ways=_ways(facts, on_paper=on_paper),
                then=(_safety_net(on_paper=on_paper), _nothing_is_lost()),
                slip=_slip(terms),
            )
        case LetterKind.LAPSED:
            grace = letter.term.ends_on + relativedelta(months=letter.term.plan_terms.grace_months)
            facts["grace"] = _day(grace)
            first = _("Your membership ran out on %(until)s.") % facts
            if grace > letter.run.as_of + timedelta(days=7):
                # Later, it begins anew on the day on which they renew: nothing is lost but these days.
                first += (
                    " " + _("Renew by %(grace)s, and it goes on as if it had not stopped.") % facts
                )
            return Said(
                title=_("You can still renew your membership"),
                first=(f"{first} {facts['price']}",),
                ways=_ways(facts, on_paper=on_paper),
                then=(_safety_net(on_paper=on_paper), _nothing_is_lost()),
                slip=_slip(terms),
            )


def _welcome(letter: Letter, facts: dict[str, str]) -> Said:
    return Said(
        title=_("Welcome: you are a member"),
        first=(
            _("Thank you for joining. Your membership lasts until %(until)s.") % facts,
            _(
                "Show your card in the shops on our list of offers. A shop sees whether the card is "
                "valid, and nothing about you. If you have no card yet, ask for it at %(desk)s or ring us."
            )
            % facts,
        ),
        then=(
            _("If you lose your card, ring us. You get another one with a new number."),
            _("You need do nothing to renew now. We write to you some weeks before %(until)s.")
            % facts,
            _(
                "Information and help are free for everybody, member or not. They do not depend on "
                "this card."
            ),
        ),
    )


def _ways(facts: dict[str, str], *, on_paper: bool) -> tuple[str, ...]:
    ways = [_("At the desk: come to %(desk)s. You can pay in cash, by cheque or by card.") % facts]
    if on_paper:
        ways.append(
            _("By post: fill in the page that comes with this letter and send it with a cheque.")
            % facts
        )
    else:
        ways.append(_("By post: send a cheque and your reference to %(desk)s.") % facts)
    if facts["site"]:
        ways.append(_("On the internet: %(site)s/my/membership") % facts)
    return tuple(ways)


def _safety_net(*, on_paper: bool) -> str:
    ask = (
        _("Tick the box on the page that comes with this, ring us, or ask at the desk.")
        if on_paper
        else _("Ring us, or ask at the desk.")
    )
    return (
        _("If the price is hard for you, you may ask for the safety net.")
        + f" {ask} "
        + _("No shop and no other member sees who paid.")
    )


def _nothing_is_lost() -> str:
    return _(
        "If you do not want to renew, do nothing. Information and help stay free, and what we have "
        "arranged for you stays."
    )


def _slip(terms: PlanTerms) -> tuple[str, ...]:
    renew = (
        _("I renew. My cheque for %(price)s is enclosed.") % {"price": say_pence(terms.price_pence)}
        if terms.price_pence
        else _("I renew.")
    )
    return (
        renew,
        _("I would like to ask for the safety net. Please ring me."),
        _("Please ring me about another way to pay."),
        _("I do not want to renew."),
    )


def _price(terms: PlanTerms) -> str:
    unit = (
        ngettext("%(count)d year", "%(count)d years", terms.duration)
        if terms.unit == Unit.YEAR
        else ngettext("%(count)d month", "%(count)d months", terms.duration)
    ) % {"count": terms.duration}
    if not terms.price_pence:
        return _("To renew for %(time)s costs nothing.") % {"time": unit}
    return _("To renew for %(time)s costs %(price)s.") % {
        "time": unit,
        "price": say_pence(terms.price_pence),
    }


def _day(day: date) -> str:
    return date_format(day, "j F Y")
