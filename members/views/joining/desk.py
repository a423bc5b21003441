"""Joining, renewing, sharing and ending at the desk: somebody's membership on one page."""

from __future__ import annotations

import uuid
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from dcsn.access import Permission, can, get_permitted_or_404, requires
from dcsn.access.requests import SignedInRequest
from dcsn.audit import record
from dcsn.error_pages import too_many_requests
from dcsn.forms import say_pence
from members import tokens
from members.access import access_points_of, person_or_404
from members.actions.handing_over import hand_over
from members.actions.looking import look_for_people
from members.actions.memberships import (
    end_membership,
    resume_membership,
    share_membership,
    stop_sharing,
)
from members.cards.validity import month_end
from members.circle import circle_of
from members.events import PERSON_VIEWED
from members.finding import Typed
from members.forms.relations import FindSomebodyForm
from members.joining import after
from members.joining.actions import due_of, join_at_desk, renew_at_desk
from members.joining.desk_forms import EndForm, JoinAtDeskForm, RenewAtDeskForm
from members.joining.events import MEMBERSHIP_VIEWED
from members.joining.forms import AtTheDesk
from members.joining.prices import say_price
from members.models import Membership, MembershipShare, Payment, Person, Status
from members.models.membership import MEMBER
from members.refusals import LookedTooOften, Refused


@requires(Permission.MEMBERSHIP_ADD)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: SignedInRequest, person_id: UUID) -> HttpResponse:
    """Join somebody whose record is open: they stand at the desk, or their paper form lies there."""
    person = person_or_404(request.user, Permission.MEMBERSHIP_ADD, person_id)
    known = person.memberships.live().first()
    if known is not None and request.method != "POST":
        return redirect(_page_of(request, known, person))
    desks = access_points_of(request.user, Permission.MEMBERSHIP_ADD)
    if not desks:
        raise Http404
    circle = circle_of(request.user, person)
    near = {one.pk: one for one in circle.household}
    near |= {tie.other.pk: tie.other for tie in circle.ties if tie.other and not tie.tie.is_over}
    form = JoinAtDeskForm(request.POST or None, person=person, desks=desks, near=near.values())
    if request.method == "POST":
        if form.is_valid():
            try:
                return _joined(request, person, form)
            except Refused as refusal:
                form.add_error(None, str(refusal))
            except ValidationError as error:
                form.add_error(None, error)
    else:
        record(
            PERSON_VIEWED,
            by=request.user,
            subject=person.id,
            organisation=person.organisation_id,
            details={"others": sorted(near)} if near else None,
        )
    return render(
        request,
        "members/joining/desk_join.html",
        {"person": person, "form": form},
        status=422 if form.errors else 200,
    )


def _joined(request: SignedInRequest, person: Person, form: JoinAtDeskForm) -> HttpResponse:
    typed = form.cleaned_data
    pay = typed.get("pay", AtTheDesk.LATER)
    done = join_at_desk(
        key=typed["key"],
        person=person,
        plan=form.chosen.plan,
        organisation=typed["organisation"],
        via=typed["via"],
        method=pay if pay in Payment.DESK else None,
        by=request.user,
        sharers=form.sharing,
    )
    row = Membership.objects.prefetch_related("terms").get(pk=done.membership.pk)
    if row.status(timezone.localdate()) != Status.PENDING:
        messages.success(request, _said_of_the_term(row, done.payment))
    else:
        messages.success(request, _("It is written down. It begins when it is paid or granted."))
        if pay == AtTheDesk.CANNOT:
            return redirect(after.safety_net_at_desk(row))
    return redirect("members:membership", row.pk)


def _said_of_the_term(row: Membership, payment: Payment | None) -> str:
    until = date_format(row.ends_on, "j F Y") if row.ends_on else ""
    if payment is None:
        return _("They are a member until %(day)s.") % {"day": until}
    return _("%(sum)s taken, receipt %(number)d. They are a member until %(day)s.") % {
        "sum": say_pence(payment.amount_pence),
        "number": payment.receipt_number or 0,
        "day": until,
    }


def _page_of(request: SignedInRequest, row: Membership, person: Person) -> str:
    """Where a membership is shown to this user; the person's page, where it is not theirs to see."""
    if can(request.user, Permission.MEMBERSHIP_VIEW, row):
        return reverse("members:membership", args=[row.pk])
    return person.get_absolute_url()


def membership_or_404(
    request: SignedInRequest, membership_id: UUID, permission: Permission
) -> Membership:
    return get_permitted_or_404(
        request.user,
        permission,
        Membership.objects.select_related(
            "person", "organisation", "plan", "plan_terms"
        ).prefetch_related("terms"),
        id=membership_id,
        person__isnull=False,
    )


@requires(Permission.MEMBERSHIP_VIEW)
@never_cache
@require_http_methods(["GET", "HEAD"])
def membership(request: SignedInRequest, membership_id: UUID) -> HttpResponse:
    """One membership: until when, who shares it, what was paid; and what to do next."""
    row = membership_or_404(request, membership_id, Permission.MEMBERSHIP_VIEW)
    record(
        MEMBERSHIP_VIEWED,
        by=request.user,
        subject=row.person_id,
        organisation=row.organisation_id,
        details={"membership": row.id},
    )
    return _membership_page(request, row)


def _membership_page(
    request: SignedInRequest,
    row: Membership,
    *,
    renewal: forms.Form | None = None,
    find: FindSomebodyForm | None = None,
    people: list[Person] | None = None,
    ending: EndForm | None = None,
) -> HttpResponse:
    today = timezone.localdate()
    status = row.status(today)
    may_change = can(request.user, Permission.MEMBERSHIP_ADD, row)
    is_over = status in (Status.CANCELLED, Status.DECEASED)
    due = due_of(row)
    shares = list(row.shares.filter(until=None).select_related("person"))
    wrong = next((one for one in (renewal, find, ending) if one is not None and one.errors), None)
    return render(
        request,
        "members/joining/desk_membership.html",
        {
            "membership": row,
            "person": row.person,
            "may_see_person": can(request.user, Permission.PERSON_VIEW, row.person),
            "status": status.label,
            "waits": status == Status.PENDING,
            "is_member": status in MEMBER,
            "may_resume": may_change and is_over,
            "terms": list(reversed(row.counting_terms())),
            "shares": [
                (share, can(request.user, Permission.PERSON_VIEW, share.person)) for share in shares
            ],
            "room": row.plan.people_at_most - 1 - len(shares),
            "payments": row.payments.taken().order_by("-taken_at"),
            "tokens_on": tokens.are_on() and row.person is not None,
            "price": say_price(due.terms, concession=due.by_safety_net) if due else "",
            "is_free": due is not None and due.is_free,
            "renewal": (renewal or RenewAtDeskForm(membership=row, due=due))
            if may_change and due is not None and not is_over
            else None,
            "find": (find or FindSomebodyForm()) if may_change and not is_over else None,
            "people": people,
            "ending": (ending or EndForm(sharing=_who_may_go_on(request, row)))
            if may_change and not is_over
            else None,
            "next_steps": after.next_steps(request.user, row) if not is_over else [],
            "form": wrong,
        },
        status=422 if wrong else 200,
    )


@requires(Permission.MEMBERSHIP_ADD)
@never_cache
@require_POST
def renew(request: SignedInRequest, membership_id: UUID) -> HttpResponse:
    """Take the next term's money: after the end for a member, from today for one that ran out."""
    row = membership_or_404(request, membership_id, Permission.MEMBERSHIP_ADD)
    form = RenewAtDeskForm(request.POST, membership=row, due=due_of(row))
    if form.is_valid():
        try:
            done = renew_at_desk(
                key=form.cleaned_data["key"],
                membership=row,
                method=form.cleaned_data.get("pay"),
                seen=form.cleaned_data["seen"],
                by=request.user,
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            fresh = Membership.objects.prefetch_related("terms").get(pk=row.pk)
            messages.success(request, _said_of_the_term(fresh, done.payment))
            return redirect("members:membership", row.pk)
    return _membership_page(request, row, renewal=form)


@requires(Permission.MEMBERSHIP_ADD)
@never_cache
@require_POST
def share(request: SignedInRequest, membership_id: UUID) -> HttpResponse:
    """Find somebody, then let them share it. By POST: names do not belong in addresses."""
    row = membership_or_404(request, membership_id, Permission.MEMBERSHIP_ADD)
    if "other" in request.POST:
        return _share_with(request, row)
    form = FindSomebodyForm(request.POST)
    people: list[Person] | None = None
    if form.is_valid():
        typed = Typed.from_text(form.cleaned_data["words"])
        try:
            found = look_for_people(
                typed=typed, by=request.user, without=[row.person_id] if row.person_id else []
            )
        except LookedTooOften as refusal:
            return too_many_requests(request, retry_after=refusal.seconds)
        people = [match.person for match in found.own] if typed else []
    return _membership_page(request, row, find=form, people=people)


def _share_with(request: SignedInRequest, row: Membership) -> HttpResponse:
    try:
        identifier = uuid.UUID(request.POST["other"])
    except ValueError as error:
        raise Http404 from error
    other = person_or_404(request.user, Permission.PERSON_VIEW, identifier)
    try:
        share_membership(membership=row, person=other, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("%(name)s shares the membership.") % {"name": other.name})
    return redirect("members:membership", row.pk)


@requires(Permission.MEMBERSHIP_ADD)
@require_POST
def stop_share(request: SignedInRequest, membership_id: UUID, share_id: UUID) -> HttpResponse:
    row = membership_or_404(request, membership_id, Permission.MEMBERSHIP_ADD)
    found = get_object_or_404(
        MembershipShare.objects.select_related("membership"), pk=share_id, membership=row
    )
    stop_sharing(share=found, by=request.user)
    messages.success(request, _("They no longer share it."))
    return redirect("members:membership", row.pk)


@requires(Permission.MEMBERSHIP_ADD)
@never_cache
@require_POST
def end(request: SignedInRequest, membership_id: UUID) -> HttpResponse:
    """They want to leave, or have died; or that was a mistake. Touches nothing else that is known of them."""
    row = membership_or_404(request, membership_id, Permission.MEMBERSHIP_ADD)
    if "mistake" in request.POST:
        try:
            resume_membership(membership=row, by=request.user)
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("The membership goes on as before."))
        return redirect("members:membership", row.pk)
    form = EndForm(request.POST, sharing=_who_may_go_on(request, row))
    if not form.is_valid():
        return _membership_page(request, row, ending=form)
    new: Membership | None = None
    try:
        with transaction.atomic():
            if form.successor is not None:
                new = hand_over(membership=row, to=form.successor, by=request.user)
            end_membership(membership=row, stored=form.cleaned_data["why"], by=request.user)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _membership_page(request, row, ending=form)
    if new is not None and form.successor is not None:
        messages.success(
            request,
            _("The membership has ended. %(name)s goes on with what is left of it.")
            % {"name": form.successor.name},
        )
        return redirect("members:membership", new.pk)
    messages.success(request, _("The membership has ended."))
    return redirect("members:membership", row.pk)


def _who_may_go_on(request: SignedInRequest, row: Membership) -> list[Person]:
    """Those who share it while something is left of it, whom this user may see."""
    if row.stored or row.ends_on is None or month_end(row.ends_on) < timezone.localdate():
        return []
    shares = row.shares.filter(until=None).exclude(person=row.person_id).select_related("person")
    return [one.person for one in shares if can(request.user, Permission.PERSON_VIEW, one.person)]
