"""What volunteers agree to: written by version, and agreed to."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from dcsn.access import Permission
from dcsn.accounts.models import User
from dcsn.audit import Actor, record
from directory.models import Organisation
from volunteers.access import check_holds, is_persons_own, party_to_volunteer
from volunteers.actions.volunteers import locked
from volunteers.events import POLICY_AGREED, POLICY_WRITTEN
from volunteers.models import Agreement, PolicyVersion, Volunteer
from volunteers.refusals import ChangedMeanwhile, NotPossible


@transaction.atomic
def agree_policy(*, volunteer: Volunteer, policy: PolicyVersion, how: str, by: Actor) -> Agreement:
    """The volunteer agrees to this version: themself, or staff write down that they did."""
    current = locked(volunteer)
    party_to_volunteer(by, current)
    themself = isinstance(by, User) and is_persons_own(by, current.person)
    agreement, created = Agreement.objects.get_or_create(
        volunteer=current,
        policy=policy,
        defaults={
            "how": how,
            "recorded_by": by if isinstance(by, User) and not themself else None,
        },
    )
    if created:
        record(
            POLICY_AGREED,
            by=by,
            subject=current.person_id,
            organisation=current.organisation_id,
            details={"volunteer": current.pk, "policy": policy.pk, "how": str(how)},
        )
    return agreement


@transaction.atomic
def write_policy(
    *,
    organisation: Organisation | None,
    title: str,
    text: str,
    in_force_from: date,
    by: Actor,
    after: PolicyVersion | None = None,
) -> PolicyVersion:
    """A new policy, or the next version of one. From its day on volunteers are asked to agree anew; what
    they agreed to before stays as it was.

    :param organisation: whose volunteers agree to it; None: everybody's, written by the network's staff.
    :param after: the newest version on the page where this was written.
    :raises ChangedMeanwhile: when somebody else has written the next version already.
    """
    check_holds(by, Permission.VOLUNTEER_MANAGE, organisation.pk if organisation else None)
    title, text = title.strip(), text.strip()
    if in_force_from < timezone.localdate():
        raise NotPossible(_("Choose today or a later day: nobody agrees to the past."))
    key = after.key if after else slugify(title)[:40].strip("-") or "policy"
    number = after.number + 1 if after else 1
    # Two who write at once meet at the row's one number, and the second finds what the first wrote.
    policy, created = PolicyVersion.objects.get_or_create(
        organisation=organisation,
        key=key,
        number=number,
        defaults={"title": title, "text": text, "in_force_from": in_force_from},
    )
    if not created:
        if (policy.title, policy.text, policy.in_force_from) == (title, text, in_force_from):
            return policy
        if after is None:
            raise NotPossible(_("There is one with this title already: write its next version."))
        raise ChangedMeanwhile(_("Somebody else has written the next version. Open it again."))
    record(
        POLICY_WRITTEN,
        by=by,
        organisation=organisation.pk if organisation else None,
        details={"policy": policy.pk},
    )
    return policy
