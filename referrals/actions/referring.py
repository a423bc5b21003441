"""From the desk to several organisations at once: one consent step, one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.utils.translation import gettext as _

from dcsn.accounts.models import User
from directory.models import Service
from referrals.actions.ending import take_topics, tell_about
from referrals.actions.enquiries import check_takes, finish_enquiry, locked
from referrals.actions.sending import (
    Agreed,
    OtherBasis,
    change_draft,
    draft_referral,
    send_referrals,
)
from referrals.models import Choice, Enquiry, Referral, Signpost
from referrals.refusals import FinishedAlready
from referrals.states import Priority


@dataclass(frozen=True)
class Wanted:
    """One referral as it was agreed: to whom, what for, what goes, how urgent it is."""

    service: Service
    reason_text: str
    categories: Sequence[str] = field(default_factory=tuple)
    priority: str = Priority.ROUTINE
    # Prepared before (asked later by phone, or begun again after one that did not help).
    draft: Referral | None = None


@transaction.atomic
def refer_at_desk(
    *,
    enquiry: Enquiry,
    wanted: Sequence[Wanted],
    by: User,
    agreed: Agreed | None = None,
    other_basis: OtherBasis | None = None,
) -> list[Referral]:
    """Send what was agreed to, tell about the rest of the list, finish the enquiry: all or nothing.

    :raises FinishedAlready: by this click's twin or by somebody else.
    """
    current = locked(enquiry)
    drafts = _drafts(current, wanted, by)
    sent = send_referrals(referrals=drafts, by=by, agreed=agreed, other_basis=other_basis)
    if current.is_open:
        going = {one.service.id for one in wanted}
        rest = [
            choice.service
            for choice in current.choices.select_related("service")
            if choice.service_id not in going
        ]
        tell_about(enquiry=current, services=rest, way=Signpost.Way.TOLD, by=by)
        take_topics(current)
        finish_enquiry(enquiry=current, state=Enquiry.State.REFERRED, by=by)
    return sent


@transaction.atomic
def keep_drafts(*, enquiry: Enquiry, wanted: Sequence[Wanted], by: User) -> list[Referral]:
    """Prepare them, so that the person can be asked later; nothing leaves, the enquiry stays open."""
    return _drafts(locked(enquiry), wanted, by)


def _drafts(current: Enquiry, wanted: Sequence[Wanted], by: User) -> list[Referral]:
    check_takes(by, current)
    drafts = []
    for one in wanted:
        if one.draft is not None:
            drafts.append(
                change_draft(
                    referral=one.draft,
                    by=by,
                    reason_text=one.reason_text,
                    categories=one.categories,
                    priority=one.priority,
                )
            )
            continue
        if not current.is_open:
            raise FinishedAlready(_("This enquiry was finished already."))
        drafts.append(
            draft_referral(
                enquiry=current,
                service=one.service,
                by=by,
                reason_text=one.reason_text,
                categories=one.categories,
                priority=one.priority,
            )
        )
        Choice.objects.update_or_create(
            enquiry=current, service=one.service, defaults={"way": Choice.Way.REFER}
        )
    return drafts
