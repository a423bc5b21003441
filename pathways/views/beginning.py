"""By which doors a pathway begins: asked for on the website, or begun from a person's page or an enquiry."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from dcsn.access import Permission, public, requires
from dcsn.access.requests import SignedInRequest
from dcsn.limits.rates import limited
from members.access import person_or_404, posting_desk
from pathways.actions.asking import ask_for_coordinator
from pathways.actions.pathways import begin_pathway
from pathways.forms.begin import AskForm, BeginForm
from pathways.models import Pathway, Route
from pathways.refusals import Refused
from referrals.models import Enquiry

SENT = "coordinator_asked"


@public
@limited("a coordinator")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """Route 1, from home. Whatever is wrong, what was typed stays in the boxes."""
    desk = posting_desk()
    form = AskForm(request.POST or None)
    if request.method == "POST" and desk is not None and form.is_valid():
        typed = form.cleaned_data
        try:
            asked = ask_for_coordinator(
                organisation=desk,
                who=form.who,
                words=typed["words"],
                on_behalf_of=typed["on_behalf_of"],
                key=typed["key"],
            )
        except ValidationError as error:
            form.add_error(None, error.messages)  # type: ignore[arg-type]
        else:
            # On a shared computer the next page must tell no more than the reference.
            request.session[SENT] = asked.reference
            return redirect("pathways:ask_sent")
    return render(request, "pathways/ask.html", {"form": form, "nobody": desk is None})


@public
@never_cache
@require_safe
def ask_sent(request: HttpRequest) -> HttpResponse:
    """That we have it; a reload says the same and sends nothing."""
    reference = request.session.get(SENT)
    if reference is None:
        return redirect("pathways:ask")
    return render(request, "pathways/ask_sent.html", {"reference": reference})


@requires(Permission.PATHWAY_COORDINATE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: SignedInRequest, person_id: UUID) -> HttpResponse:
    """Begin one with a person whose page is open; ``?enquiry=`` says from where they came."""
    person = person_or_404(request.user, Permission.PATHWAY_COORDINATE, person_id)
    initial = {"coordinator": request.user.pk, "route": _route(request)}
    form = BeginForm(request.POST or None, organisation_id=person.organisation_id, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            begun = begin_pathway(
                person=person,
                organisation=person.organisation,
                by=request.user,
                **form.cleaned_data,
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        except ValidationError as error:
            form.add_error(None, error.messages)  # type: ignore[arg-type]
        else:
            messages.success(request, _said(begun))
            if Pathway.objects.visible_to(request.user).filter(pk=begun.pk).exists():
                return redirect(begun)
            return redirect(person)
    return render(
        request,
        "pathways/begin.html",
        {"form": form, "person": person},
        status=422 if form.errors else 200,
    )


def _route(request: SignedInRequest) -> str:
    """From an enquiry that somebody sent from home it is route 1, from any other route 2."""
    try:
        asked = UUID(request.GET.get("enquiry", ""))
    except ValueError:
        return ""
    found = Enquiry.objects.visible_to(request.user).filter(pk=asked).first()
    if found is None:
        return ""
    from_home = found.origin == Enquiry.Origin.COORDINATOR
    return Route.HOME_INTERNET if from_home else Route.ACCESS_POINT


def _said(begun: Pathway) -> str:
    if begun.eligibility != "not-eligible":
        return _("The pathway has begun: %(reference)s.") % {"reference": begun.reference}
    return _(
        "The pathway has begun: %(reference)s. %(hub)s has an enquiry from today, to find out what else "
        "helps."
    ) % {"reference": begun.reference, "hub": begun.organisation.name}
