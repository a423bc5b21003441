"""Which organisation sees what of the plan, and who was given it on paper."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dcsn.access.requests import SignedInRequest
from dcsn.forms import CheckboxesWithHints, RadiosWithHints
from dcsn.printing import PrintSize, file_name, pdf_response
from directory.models import Organisation
from members.forms.consent import WhoAgreesForm
from members.forms.lines import ShortField
from members.models import Consent, Format
from pathways.actions.sharing import (
    agreeing_organisations,
    give_copy,
    share_plan,
    stop_sharing,
)
from pathways.models import Shared
from pathways.plans.page import copies_of, page_of, shared_with
from pathways.plans.paper import easy_read_pdf, plan_pdf
from pathways.plans.sight import EVERYTHING, Sight
from pathways.plans.ways import address
from pathways.refusals import Refused


class ShareForm(forms.Form):
    """An organisation, and which parts it may see and write in; the person's own page asks no more."""

    organisation = forms.ModelChoiceField(
        label=gettext_lazy("Which organisation?"),
        queryset=Organisation.objects.none(),
        empty_label=gettext_lazy("Choose an organisation"),
        help_text=gettext_lazy("Those that have signed to keep what they are told safe."),
        error_messages={"required": gettext_lazy("Choose an organisation")},
    )
    parts = forms.MultipleChoiceField(
        label=gettext_lazy("What may they see?"),
        choices=Shared.choices,
        widget=CheckboxesWithHints,
        error_messages={"required": gettext_lazy("Choose what they may see")},
    )
    may_write = forms.MultipleChoiceField(
        label=gettext_lazy("In what may they write too?"),
        choices=[choice for choice in Shared.choices if choice[0] != Shared.BUDGET],
        widget=CheckboxesWithHints,
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = agreeing_organisations()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        beyond = set(data.get("may_write", ())) - set(data.get("parts", ()))
        if beyond and data.get("parts"):
            self.add_error("may_write", _("They can write only in what they may see"))
        return data

    @property
    def agreed(self) -> dict[str, Any]:
        return {"how": Consent.How.ONLINE}


class ShareForThemForm(ShareForm, WhoAgreesForm):
    """At the desk: who said it, and how; the words were read out."""

    how = forms.ChoiceField(
        label=gettext_lazy("How did they say it?"),
        choices=[
            (Consent.How.SPOKEN, Consent.How.SPOKEN.label),
            (Consent.How.WRITTEN, Consent.How.WRITTEN.label),
        ],
        widget=RadiosWithHints,
        error_messages={"required": gettext_lazy("Choose how they said it")},
    )
    read_out = forms.BooleanField(
        label=gettext_lazy(
            "The person was asked whether this organisation may see these parts, and said yes"
        ),
        error_messages={"required": gettext_lazy("Ask the person first, then tick this")},
    )
    field_order = ("organisation", "parts", "may_write", "how", "until", "given_by", "who")

    @property
    def agreed(self) -> dict[str, Any]:
        return {"how": self.cleaned_data["how"], "said_by": self.said_by}


def share_page(request: SignedInRequest, sight: Sight) -> HttpResponse:
    form_class = ShareForm if sight.is_own else ShareForThemForm
    form = form_class(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            share_plan(
                plan=sight.plan,
                organisation=typed["organisation"],
                parts=typed["parts"],
                may_write=typed["may_write"],
                by=request.user,
                **form.agreed,
            )
        except Refused as refusal:
            form.add_error("organisation", str(refusal))
        except ValidationError as error:
            _show(form, error)
        else:
            messages.success(
                request,
                _("%(name)s can see these parts from now on.")
                % {"name": typed["organisation"].name},
            )
            return redirect(address(sight, "share"))
    return render(
        request,
        "pathways/plans/share.html",
        {
            "sight": sight,
            "plan": sight.plan,
            "form": form,
            "shared": shared_with(sight.plan),
            "copies": copies_of(sight.plan),
        },
    )


def _show(form: forms.Form, error: ValidationError) -> None:
    for name, lines in getattr(error, "message_dict", {"": error.messages}).items():
        form.add_error(name if name in form.fields else None, lines)


def stop(request: SignedInRequest, sight: Sight) -> HttpResponse:
    """An organisation does not see the plan any more: one press."""
    wanted = request.POST.get("organisation", "")
    found = next(
        (one for one in shared_with(sight.plan) if str(one.organisation_id) == wanted), None
    )
    if found is not None:
        organisation = found.shares[0].organisation
        stop_sharing(plan=sight.plan, organisation=organisation, by=request.user)
        messages.success(
            request,
            _("%(name)s does not see the plan any more.") % {"name": organisation.name},
        )
    return redirect(address(sight, "share"))


EASY = "easy"


class CopyForm(forms.Form):
    """Who gets the plan on paper, how large, and which parts."""

    holder = ShortField(
        label=gettext_lazy("Who gets it?"),
        longest=100,
        help_text=gettext_lazy("It is noted, so that the person knows who has a copy."),
        error_messages={"required": gettext_lazy("Write who gets it")},
    )
    layout = forms.ChoiceField(
        label=gettext_lazy("How is it printed?"),
        choices=[
            *((str(int(size)), size.label) for size in PrintSize),
            (EASY, gettext_lazy("Easy Read: short lines with pictures")),
        ],
        widget=RadiosWithHints,
    )
    parts = forms.MultipleChoiceField(
        label=gettext_lazy("Which parts?"),
        choices=Shared.choices,
        widget=CheckboxesWithHints,
        error_messages={"required": gettext_lazy("Choose at least one part")},
    )


def _usual_layout(sight: Sight) -> str:
    person = sight.plan.pathway.person
    if person is None:
        return str(int(PrintSize.LARGE))
    if Format.EASY_READ in person.formats:
        return EASY
    return str(int(PrintSize.read(str(person.print_size or ""))))


def print_page(request: SignedInRequest, sight: Sight) -> HttpResponse:
    """Print it and write down who gets it: the one press does both."""
    person = sight.plan.pathway.person
    form = CopyForm(
        request.POST if request.method == "POST" else None,
        initial={
            "holder": person.name if person else "",
            "layout": _usual_layout(sight),
            "parts": sorted(EVERYTHING),
        },
    )
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        chosen = Sight(sight.plan, sight.who, frozenset(typed["parts"]), frozenset())
        page = page_of(chosen)
        easy = typed["layout"] == EASY
        size = PrintSize.LARGE if easy else PrintSize.read(typed["layout"])
        pdf = easy_read_pdf(page) if easy else plan_pdf(page, size)
        give_copy(plan=sight.plan, holder=typed["holder"], parts=typed["parts"], by=request.user)
        name = file_name(_("plan"), size=size, on=timezone.localdate())
        return pdf_response(pdf, name)
    return render(request, "pathways/plans/print.html", {"sight": sight, "form": form})
