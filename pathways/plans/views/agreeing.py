"""Three names under the plan, and what becomes of it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dcsn.access import can
from dcsn.access.requests import SignedInRequest
from dcsn.forms import DateField, RadiosWithHints
from members.forms.lines import ShortField
from pathways.actions.plans import PERMISSION_TO_AGREE, agree, move_plan
from pathways.forms.begin import sentences
from pathways.models import Plan, PlanAgreement
from pathways.plans.forms import SeenForm, not_to_come
from pathways.plans.page import may_begin, names_under
from pathways.plans.sight import Sight, Who
from pathways.plans.states import PLAN_WAYS, PlanState
from pathways.plans.ways import address
from pathways.refusals import Refused

Role, How = PlanAgreement.Role, PlanAgreement.How


class PersonAgreesForm(SeenForm):
    """What the person said or signed, written down for them."""

    how = forms.ChoiceField(
        label=gettext_lazy("How did they agree?"),
        choices=sentences([(How.SPOKEN, How.SPOKEN.label), (How.WRITTEN, How.WRITTEN.label)]),
        widget=RadiosWithHints,
        error_messages={"required": gettext_lazy("Choose how they agreed")},
    )
    name = ShortField(
        label=gettext_lazy("Their name"),
        longest=100,
        error_messages={"required": gettext_lazy("Write their name")},
    )
    on = DateField(
        label=gettext_lazy("When?"),
        help_text=gettext_lazy("Today, if you leave it empty."),
        required=False,
    )

    def clean_on(self) -> Any:
        return not_to_come(self.cleaned_data["on"])


def agree_page(request: SignedInRequest, sight: Sight) -> HttpResponse:
    """Who has agreed to the plan as it stands; the names that this reader may put under it."""
    if sight.is_own:
        return _own(request, sight)
    plan = sight.plan
    form = PersonAgreesForm(
        initial={
            "seen": plan.version,
            "name": plan.pathway.person.name if plan.pathway.person else "",
        }
    )
    if request.method == "POST":
        role = request.POST.get("role", "")
        if role not in Role.values or not can(
            request.user, PERMISSION_TO_AGREE[Role(role)], plan.pathway
        ):
            raise PermissionDenied
        form = PersonAgreesForm(request.POST)
        if role == Role.PERSON:
            if form.is_valid():
                typed = form.cleaned_data
                done = _put_name(
                    request, sight, form, role, typed["name"], typed["how"], typed["on"]
                )
                if done is not None:
                    return done
        else:
            seen = SeenForm(request.POST)
            form = PersonAgreesForm(initial={"seen": plan.version})
            if seen.is_valid():
                done = _put_name(request, sight, seen, role, request.user.name, How.WRITTEN)
                if done is not None:
                    return done
            messages.warning(request, " ".join(seen.non_field_errors()) or _("Try again."))
            return redirect(address(sight, "agree"))
    return _page(request, sight, form)


def _own(request: SignedInRequest, sight: Sight) -> HttpResponse:
    """The person says yes to what they have read here."""
    form = SeenForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        person = sight.plan.pathway.person
        name = person.name if person else ""
        done = _put_name(request, sight, form, Role.PERSON, name, How.ONLINE)
        if done is not None:
            return done
        messages.warning(request, " ".join(form.non_field_errors()))
        return redirect(address(sight))
    return _page(request, sight, None)


def _put_name(
    request: SignedInRequest,
    sight: Sight,
    form: forms.Form,
    role: str,
    name: str,
    how: str,
    on: Any = None,
) -> HttpResponse | None:
    try:
        agree(
            plan=sight.plan,
            version=form.cleaned_data["seen"],
            role=role,
            name=name,
            how=how,
            by=request.user,
            on=on,
        )
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return None
    messages.success(request, _("The name stands under the plan."))
    if sight.who is Who.AUTHORISER:
        # It does not wait for them any more, so they do not see it any more.
        return redirect("pathways:plans_to_authorise")
    return redirect(address(sight, "agree"))


def _page(request: SignedInRequest, sight: Sight, form: forms.Form | None) -> HttpResponse:
    plan = sight.plan
    names = {one.role: one for one in names_under(plan)}
    user = request.user
    roles = []
    for role in Role:
        mine = not sight.is_own and can(user, PERMISSION_TO_AGREE[role], plan.pathway)
        other = Role.AUTHORISER if role is Role.PLANNER else Role.PLANNER
        # The planner and the authoriser are two people.
        if role is not Role.PERSON and other in names and names[other].account_id == user.pk:
            mine = False
        roles.append((role, names.get(role), mine))
    return render(
        request,
        "pathways/plans/agree.html",
        {
            "sight": sight,
            "plan": plan,
            "person": plan.pathway.person,
            "roles": roles,
            "person_agrees": form,
            "by_person": names.get(Role.PERSON),
            "may_record": not sight.is_own
            and can(user, PERMISSION_TO_AGREE[Role.PERSON], plan.pathway),
            "is_complete": len(names) == len(Role),
            "may_begin": may_begin(plan),
            "moves": _moves(plan) if sight.writes else [],
            "version": plan.version,
            "changed_since": plan.agreed_version if plan.changed_since_agreed else None,
        },
    )


_MOVES = {
    PlanState.ON_HOLD: gettext_lazy("Pause the plan"),
    PlanState.COMPLETED: gettext_lazy("The plan is finished"),
    PlanState.REVOKED: gettext_lazy("Withdraw the plan"),
    PlanState.ENTERED_IN_ERROR: gettext_lazy("It was made by mistake"),
}


def _moves(plan: Plan) -> list[tuple[str, Any]]:
    return [
        (state.value, words) for state, words in _MOVES.items() if state in PLAN_WAYS[plan.state]
    ]


def move(request: SignedInRequest, sight: Sight) -> HttpResponse:
    """Put in place, pause, end. The page asks again before an end."""
    to = request.POST.get("to", "")
    if to not in PlanState.values:
        raise PermissionDenied
    ends = to in (PlanState.COMPLETED, PlanState.REVOKED, PlanState.ENTERED_IN_ERROR)
    if ends and "sure" not in request.POST:
        return render(
            request,
            "pathways/plans/sure.html",
            {"sight": sight, "to": to, "words": _MOVES[PlanState(to)]},
        )
    try:
        move_plan(plan=sight.plan, to=to, by=request.user, on=timezone.localdate())
    except Refused as refusal:
        messages.warning(request, str(refusal))
        return redirect(address(sight, "agree"))
    messages.success(request, _("It is noted."))
    return redirect(address(sight))
