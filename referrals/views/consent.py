"""The consent step: several referrals, the words that are read out, one button."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from dcsn.access import Permission, requires
from dcsn.access.requests import SignedInRequest
from dcsn.audit import record
from dcsn.unsent import keep_unsent
from members.models import Category, Consent, Purpose, SharingAgreement
from members.wordings import current_wording
from referrals.access import enquiry_or_404
from referrals.actions.referring import keep_drafts, refer_at_desk
from referrals.events import ENQUIRY_VIEWED
from referrals.forms.consent import (
    AgreementForm,
    Item,
    ItemForm,
    mark_of_words,
    read_out,
)
from referrals.models import Choice, Enquiry
from referrals.offered import Offer, offers_of
from referrals.refusals import FinishedAlready, NotPossible, Refused

TYPED = {
    "who": gettext_lazy("Who said it"),
    "capacity": gettext_lazy("Can the person decide this themselves?"),
    "best_interests": gettext_lazy("Why is it in their best interests?"),
    "basis_note": gettext_lazy("Why the basis holds"),
}


@keep_unsent(labels=TYPED)
@requires(Permission.REFERRAL_SEND)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def consent(request: SignedInRequest, enquiry_id: UUID) -> HttpResponse:
    """Ask once for everything that is to be sent; what they do not agree to stays at the desk."""
    found = enquiry_or_404(request.user, enquiry_id)
    items, only_tell = _items(found)
    if not items or found.person is None:
        return redirect(found)
    data = request.POST if request.method == "POST" else None
    forms_ = [ItemForm(data, item=item, enquiry=found) for item in items]
    form = AgreementForm(data)
    page = ConsentPage(found, forms_, form, only_tell)
    if request.method != "POST":
        record(
            ENQUIRY_VIEWED,
            by=request.user,
            subject=found.person_id,
            organisation=found.organisation_id,
            details={"enquiry": found.id},
        )
        return _render(request, page)
    do = request.POST.get("do", "send")
    if do == "words":
        return _render(request, page)
    wrong = [one for one in forms_ if not one.is_valid()]
    if not form.is_valid() or wrong:
        return _render(request, page, status=422)
    try:
        answer = _keep(request, page) if do == "later" else _send(request, page)
    except (FinishedAlready, NotPossible):
        # This click's twin has sent them: what came of it is on the enquiry's own page.
        return redirect(found)
    except Refused as refusal:
        form.add_error(None, str(refusal))
    except ValidationError as error:
        form.add_error(None, list(error.messages))
    else:
        if answer is not None:
            return answer
    return _render(request, page, status=422)


class ConsentPage:
    """What the template says."""

    def __init__(
        self, enquiry: Enquiry, forms_: list[ItemForm], form: AgreementForm, only_tell: list[Offer]
    ) -> None:
        self.enquiry = enquiry
        self.items = forms_
        self.form = form
        self.only_tell = only_tell
        self.sentences = read_out(forms_)
        self.words_changed = False

    @property
    def said(self) -> str:
        return mark_of_words(self.sentences)

    @property
    def rows(self) -> list[tuple[ItemForm, str]]:
        return [(one, self.sentences[str(one.item.owner.id)]) for one in self.items]

    @property
    def may_ask_words(self) -> str:
        return current_wording(Purpose.CONTACT).read_out(
            organisation=self.enquiry.organisation.name
        )

    @property
    def has_agreed_already(self) -> bool:
        person = self.enquiry.person
        return person is not None and Consent.objects.allows(
            person, Purpose.CONTACT, self.enquiry.organisation
        )

    @property
    def ticked(self) -> list[ItemForm]:
        return [one for one in self.items if one.cleaned_data.get("agreed")]

    @property
    def has_errors(self) -> bool:
        return bool(self.form.errors or any(one.errors for one in self.items))


def _items(found: Enquiry) -> tuple[list[Item], list[Offer]]:
    """What may be sent, chosen services and drafts; and what may only be told, with the reason."""
    drafts = {
        draft.service_id: draft
        for draft in found.referrals.drafts()
        .filter(person=found.person_id)
        .select_related("service__organisation")
    }
    choices = (
        {
            choice.service_id: choice
            for choice in found.choices.filter(way=Choice.Way.REFER).select_related(
                "service__organisation"
            )
        }
        if found.is_open
        else {}
    )
    wanted: list[Any] = [*choices.items(), *drafts.items()]
    services = {key: one.service for key, one in wanted}
    offers = {
        offer.service.id: offer for offer in offers_of(list(services), desk=found.organisation)
    }
    agreements = SharingAgreement.objects.in_force_for(
        {one.organisation_id for one in services.values()}, timezone.localdate()
    )
    items, only_tell = [], []
    for key, service in services.items():
        offer = offers.get(key)
        if offer is None:
            continue
        if not offer.may_refer:
            only_tell.append(offer)
            continue
        agreement = agreements.get(service.organisation_id)
        inside = service.organisation_id == found.organisation_id
        items.append(
            Item(
                service=service,
                choice=choices.get(key),
                draft=drafts.get(key),
                covered=frozenset(
                    Category.values if inside or agreement is None else agreement.categories
                ),
                room=offer.room,
                replies=offer.replies,
            )
        )
    return items, only_tell


def _send(request: SignedInRequest, page: ConsentPage) -> HttpResponse | None:
    form, ticked = page.form, page.ticked
    if not ticked:
        form.add_error(
            None, _("Tick what they agree to. If they agree to nothing, tell them instead.")
        )
        return None
    if form.other_basis is None and request.POST.get("said", "") != page.said:
        page.words_changed = True
        form.add_error(
            None,
            _(
                "What is passed on has changed. Read the new words out, then press the button again."
            ),
        )
        return None
    other = form.other_basis
    sent = refer_at_desk(
        enquiry=page.enquiry,
        wanted=[one.wanted for one in ticked],
        by=request.user,
        agreed=None if other else form.agreed,
        other_basis=other,
    )
    messages.success(
        request,
        ngettext(
            "%(count)d referral is on its way.", "%(count)d referrals are on their way.", len(sent)
        )
        % {"count": len(sent)},
    )
    return redirect(page.enquiry)


def _keep(request: SignedInRequest, page: ConsentPage) -> HttpResponse:
    kept = keep_drafts(
        enquiry=page.enquiry, wanted=[one.wanted for one in page.items], by=request.user
    )
    messages.success(
        request,
        ngettext(
            "%(count)d referral is prepared. Nothing is sent before they agree.",
            "%(count)d referrals are prepared. Nothing is sent before they agree.",
            len(kept),
        )
        % {"count": len(kept)},
    )
    return redirect(page.enquiry)


def _render(request: SignedInRequest, page: ConsentPage, *, status: int = 200) -> HttpResponse:
    context: dict[str, Any] = {"page": page, "form": page.form}
    return render(request, "referrals/enquiry/consent.html", context, status=status)
