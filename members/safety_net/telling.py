"""What somebody is told of a decision, in their format; by a human being where a letter will not do."""

from __future__ import annotations

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from dcsn.audit import Actor
from dcsn.messages import Channel, Recipient, queue_message
from dcsn.network import network
from members.joining.prices import say_price
from members.models import Concession, ContactBy, Format, Person, SafetyFlag, Status

State = Concession.State
# Who needs it in one of these ways is spoken to.
SPOKEN_TO = frozenset({Format.EASY_READ, Format.BSL, Format.INTERPRETER, Format.PHONE_ONLY})


def tell(concession: Concession, *, by: Actor) -> None:
    """To the outbox as they want to be reached; else it goes on the list of those to be told."""
    person = concession.membership.person
    if person is None:
        return
    channel, address = way_to(person)
    if not channel:
        concession.to_be_told = True
        concession.save(update_fields=["to_be_told"])
        return
    queue_message(
        channel=channel,
        key=f"safety-net:{concession.id}:{concession.version}",
        to=Recipient(person.name, address),
        subject=subject_of(concession),
        body=words_of(concession),
        by=by,
        about=person.id,
        organisation=concession.membership.organisation_id,
        size=person.print_size or 18,
    )


def way_to(person: Person) -> tuple[str, str]:
    """Channel and address; two empty strings when somebody has to think first, or to ring.

    Never a text message: a telephone lies on the table.
    """
    if person.erased_at is not None or person.safe_contact_note or set(person.formats) & SPOKEN_TO:
        return "", ""
    if SafetyFlag.objects.in_force().filter(person=person, kind__in=SafetyFlag.ON_CONTACT).exists():
        return "", ""
    if person.contact_by == ContactBy.EMAIL:
        return Channel.EMAIL, person.email
    has_address = bool(person.address_1 and person.postcode)
    if has_address and person.contact_by in ("", ContactBy.POST):
        return Channel.LETTER, "\n".join(person.address_lines)
    return "", ""


def subject_of(concession: Concession) -> str:
    """The same for every answer, and for whoever pays: it shows in a list of mail."""
    return _("Your membership %(reference)s") % {"reference": concession.membership.reference}


def words_of(concession: Concession) -> str:
    """What they are told, in full; staff who ring read it out."""
    membership = concession.membership
    person = membership.person
    said = {
        "network": network().name,
        "reference": membership.reference,
        "number": network().helpline,
        "desk": membership.organisation.name,
    }
    paragraphs = [_("Dear %(name)s,") % {"name": person.greeting if person else ""}]
    match concession.state:
        case State.GRANTED:
            paragraphs += _granted(concession)
        case State.NOT_GRANTED:
            paragraphs += [
                _("You asked to be a member without paying. We could not say yes this time."),
                _("This is why: %(reasons)s") % {"reasons": concession.reasons},
                _(
                    "If you think that this is wrong, ask us to look at it again. Two other people "
                    "will; neither of them has decided it before. You need not give a reason, and there "
                    "is no last day. Tell us at %(desk)s, or write to us. Your reference is %(reference)s."
                )
                % said,
                *_what_stays(),
            ]
        case State.UPHELD:
            paragraphs += [
                _(
                    "You asked us to look again at your question to be a member without paying. Two "
                    "people did who had not decided it before. They could not say yes."
                ),
                _("This is why: %(reasons)s") % {"reasons": concession.reasons},
                _(
                    "What you can do now: ask anew at any time, when something has changed. Ask us for "
                    "a check of the benefits that you could get; it is free. Pay in your own time: "
                    "the place is kept for you. If you are not content with how we went about it, "
                    "complain to us, and we will answer."
                ),
                *_what_stays(),
            ]
        case _:
            return ""
    if network().helpline:
        paragraphs.append(_("You can ring us: %(number)s.") % said)
    paragraphs.append(network().name)
    return "\n\n".join(paragraphs)


def _granted(concession: Concession) -> list[str]:
    membership = concession.membership
    ends_on, today = membership.ends_on, timezone.localdate()
    terms = (
        membership.plan_terms
        if membership.stored == Status.PENDING
        else membership.plan.terms_on(today) or membership.plan_terms
    )
    paragraphs = []
    if terms.concession_pence:
        # Nothing was given by the decision: it is paid, and the lower price counts from then on.
        if ends_on is not None and ends_on >= today:
            paragraphs.append(
                _("You are a member until %(day)s.") % {"day": date_format(ends_on, "j F Y")}
            )
        paragraphs.append(
            _("You can be a member at the lower price, %(price)s. We keep a place for you.")
            % {"price": say_price(terms, concession=True)}
        )
    elif ends_on is not None:
        paragraphs.append(
            _("You are a member until %(day)s. There is nothing to pay.")
            % {"day": date_format(ends_on, "j F Y")}
        )
    if concession.review_on is not None:
        paragraphs.append(
            _("You need not ask again before %(day)s.")
            % {"day": date_format(concession.review_on, "F Y")}
        )
    paragraphs.append(
        _(
            "Your card is the same as everybody else’s. Nobody in a shop, and no other member, can "
            "see whether somebody paid."
        )
    )
    return paragraphs


def _what_stays() -> list[str]:
    return [
        _(
            "What does not change: information and advice, finding help, and everything for carers "
            "cost nothing, whether you are a member or not. Whatever help you get from us or have "
            "asked for goes on."
        )
    ]
