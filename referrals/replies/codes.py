"""The one-time code: it goes to the registered contact, and opens who the referral is about."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F, Sum
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dcsn.access.acting import StandsFor, register_link
from dcsn.audit import SystemJob, record
from dcsn.messages import Channel, Recipient, queue_message
from dcsn.messages.adapters import is_offered
from dcsn.messages.sealed import register_seal, seal
from referrals.events import REPLY_CODE_SENT, REPLY_CODE_WRONG
from referrals.models import OneTimeCode, ReceivingDesk, ReplyLink
from referrals.refusals import CodeRefused, LinkOver
from referrals.replies.links import opens
from referrals.replies.tokens import code_of, is_code_of

CODE_LASTS = timedelta(minutes=15)
DETAILS_OPEN_FOR = timedelta(minutes=30)
TRIES_A_CODE = 5
# Of one referral: with six figures, whoever has the link guesses once in 100,000 days.
WRONG_A_DAY = 10
CODES_AN_HOUR = 3
# After a change of the registered contact, so that the old one has time to object.
WAIT_AFTER_CHANGE = timedelta(hours=24)

BY_LINK = register_link(SystemJob("reply link"), StandsFor.ORGANISATION)
SEAL = "reply-code"


@transaction.atomic
def send_code(*, link: ReplyLink) -> OneTimeCode:
    """Have a code sent to the registered contact; those before it are worth nothing from now on.

    :raises LinkOver: the link was used meanwhile.
    :raises CodeRefused: nobody is registered, the contact is new, or too many were asked for.
    """
    current = _locked(link)
    desk = ReceivingDesk.objects.filter(organisation_id=current.owner_id).first()
    now = timezone.now()
    way, address = _where_to(desk)
    _check_contact_is_old_enough(desk, now)
    codes = OneTimeCode.objects.filter(link__referral_id=current.referral_id)
    if codes.filter(made_at__gt=now - timedelta(hours=1)).count() >= CODES_AN_HOUR:
        raise CodeRefused(
            _("%(count)d codes were sent within the hour. Use the last one, or try again later.")
            % {"count": CODES_AN_HOUR}
        )
    _check_not_guessing(current, now)
    codes.filter(used_at=None, expires_at__gt=now, made_at__lt=now).update(expires_at=now)
    code = OneTimeCode.objects.create(
        link=current, way=way, made_at=now, expires_at=now + CODE_LASTS
    )
    reference = current.referral.reference
    message = queue_message(
        channel=Channel.SMS if way == OneTimeCode.Way.SMS else Channel.EMAIL,
        key=f"reply-code:{code.id}",
        to=Recipient("", address),
        subject=_("Code for %(reference)s") % {"reference": reference},
        body=_(
            "The code for %(reference)s is %(code)s. It works for 15 minutes. If nobody with you asked "
            "for it, do not pass it on, and tell us."
        )
        % {"reference": reference, "code": seal(SEAL, code.id)},
        by=BY_LINK,
        organisation=current.referral.requester_id,
    )
    record(
        REPLY_CODE_SENT,
        by=BY_LINK,
        subject=current.referral.person_id,
        organisation=current.owner_id,
        details={"referral": current.referral_id, "message": message.id},
    )
    return code


def try_code(*, link: ReplyLink, typed: str) -> OneTimeCode | None:
    """The code, used up, when it is the one that was sent last; ``None`` for a wrong one.

    :raises CodeRefused: there is no code to try: run out, used, or tried too often.
    """
    with transaction.atomic():
        current = _locked(link)
        now = timezone.now()
        _check_not_guessing(current, now)
        code = (
            OneTimeCode.objects.select_for_update()
            .filter(link__referral_id=current.referral_id, link__owner_id=current.owner_id)
            .order_by("-made_at", "-id")
            .first()
        )
        if (
            code is None
            or code.used_at is not None
            or now >= code.expires_at
            or code.tries >= TRIES_A_CODE
        ):
            raise CodeRefused(_("This code has run out. Ask for a new one."))
        right = is_code_of(code.id, typed)
        OneTimeCode.objects.filter(pk=code.pk).update(
            tries=F("tries") + 1, used_at=now if right else None
        )
        if not right:
            record(
                REPLY_CODE_WRONG,
                by=BY_LINK,
                subject=current.referral.person_id,
                organisation=current.owner_id,
                details={"referral": current.referral_id},
            )
            # Returned, not raised: the count must be kept.
            return None
        code.refresh_from_db()
        return code


def is_open_by(link: ReplyLink, code_id: str | None) -> bool:
    """Whether this code, kept in the visitor's session, still opens the details of this link's referral."""
    try:
        code = OneTimeCode.objects.select_related("link").get(pk=UUID(str(code_id)))
    except (OneTimeCode.DoesNotExist, ValueError):
        return False
    if code.used_at is None or timezone.now() >= code.used_at + DETAILS_OPEN_FOR:
        return False
    desk = ReceivingDesk.objects.filter(organisation_id=link.owner_id).first()
    changed = desk.contact_changed_at if desk else None
    return (
        code.link.referral_id == link.referral_id
        and code.link.owner_id == link.owner_id
        and (changed is None or changed < code.made_at)
    )


def _locked(link: ReplyLink) -> ReplyLink:
    current = (
        ReplyLink.objects.select_for_update(of=("self",))
        .select_related("referral__requester", "referral__owner")
        .get(pk=link.pk)
    )
    if not opens(current):
        raise LinkOver
    return current


def _where_to(desk: ReceivingDesk | None) -> tuple[str, str]:
    if desk is not None and desk.mobile and is_offered(Channel.SMS):
        return OneTimeCode.Way.SMS, desk.mobile
    if desk is not None and desk.email:
        return OneTimeCode.Way.EMAIL, desk.email
    raise CodeRefused(
        _("Your organisation has no registered contact for codes. Ring us, and we register one.")
    )


def _check_contact_is_old_enough(desk: ReceivingDesk | None, now: datetime) -> None:
    if desk is None or desk.contact_changed_at is None:
        return
    if now < desk.contact_changed_at + WAIT_AFTER_CHANGE:
        raise CodeRefused(
            _(
                "Your organisation's registered contact was changed a short while ago. For safety no "
                "codes go to a new contact for 24 hours. If it is urgent, ring us."
            )
        )


def _check_not_guessing(link: ReplyLink, now: datetime) -> None:
    codes = OneTimeCode.objects.filter(
        link__referral_id=link.referral_id, made_at__gt=now - timedelta(days=1)
    )
    tries = codes.aggregate(sum=Sum("tries"))["sum"] or 0
    wrong = tries - codes.exclude(used_at=None).count()
    if wrong >= WRONG_A_DAY:
        raise CodeRefused(_("Too many wrong codes were entered. Ring us, or try again tomorrow."))


def masked_contact(organisation_id: UUID) -> str:
    """Where a code goes, as much as its owner needs to know it: "an e-mail to d…@example.org"."""
    desk = ReceivingDesk.objects.filter(organisation_id=organisation_id).first()
    try:
        way, address = _where_to(desk)
    except CodeRefused:
        return ""
    if way == OneTimeCode.Way.SMS:
        return _("a text message to the number ending in %(end)s") % {"end": address[-3:]}
    name, _at, domain = address.partition("@")
    return _("an e-mail to %(start)s…@%(domain)s") % {"start": name[:1], "domain": domain}


def _code_to_send(identifier: UUID) -> str | None:
    code = OneTimeCode.objects.filter(pk=identifier).first()
    if code is None or code.used_at is not None or timezone.now() >= code.expires_at:
        return None
    return code_of(code.id)


register_seal(SEAL, words=gettext_lazy("the code"), secret=_code_to_send)
