"""What is sent from the enquiry screen: saved first, then what the button says, then the page again."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from dcsn.access import Permission
from dcsn.access.requests import SignedInRequest
from dcsn.printing import PrintSize
from directory.models import Service
from directory.wards import ward_of
from members.access import person_or_404
from members.actions.looking import look_for_people
from members.forms.finding import FindForm
from members.models import Person
from members.refusals import LookedTooOften
from referrals.actions.ending import about_person, email_list, finish_at_desk, tell_about
from referrals.actions.enquiries import (
    choose_service,
    drop_service,
    locked,
    save_enquiry,
)
from referrals.enquiry_links import links_for
from referrals.enquiry_page import EnquiryPage, enquiry_page, finished_page
from referrals.forms.desk import ChosenForm, HandOverForm, changed_choices
from referrals.forms.enquiries import EnquiryForm, say_value
from referrals.forms.merging import Merge
from referrals.models import Choice, Enquiry, Signpost
from referrals.offered import offers_of
from referrals.refusals import Refused

State = Enquiry.State
ENDS = frozenset({State.PASSED_ON, State.ABANDONED, State.ENTERED_IN_ERROR})


@dataclass
class Saved:
    """What became of one sending of the page."""

    enquiry: Enquiry
    form: EnquiryForm
    result: Merge
    wrong_notes: bool = False

    @property
    def is_clear(self) -> bool:
        """Nothing is wrong and nothing in dispute."""
        return self.result.is_clear and not self.form.errors and not self.wrong_notes


@dataclass
class Turn:
    """What a button did, for the page that follows."""

    focus: str = ""
    refusals: list[str] = field(default_factory=list)
    people: Any = None
    answer: HttpResponse | None = None
    problems: list[tuple[str, str]] = field(default_factory=list)


def person_allowed(request: SignedInRequest, wanted: str) -> Person | None:
    if not wanted:
        return None
    try:
        identifier = UUID(wanted)
    except ValueError as error:
        raise Http404 from error
    return person_or_404(request.user, Permission.PERSON_VIEW, identifier)


def take(request: SignedInRequest, found: Enquiry) -> HttpResponse:
    """Save what was typed, then do what the button says. What cannot be done loses nothing."""
    do, _colon, which = request.POST.get("do", "save").partition(":")
    by_script = "application/json" in request.headers.get("Accept", "")
    if not found.is_open:
        return _finished_meanwhile(request, found, do, which, by_script=by_script)
    saved = _save(request, found)
    if do == "autosave" or by_script:
        return _saved_by_script(saved)
    turn = _turn(request, saved, do, which)
    if turn.answer is not None:
        return turn.answer
    return _page_again(request, saved, turn)


def _save(request: SignedInRequest, found: Enquiry) -> Saved:
    """Keep what is right and in nobody's way."""
    with transaction.atomic():
        current = locked(found)
        form = EnquiryForm(request.POST, enquiry=current)
        if "seen" not in request.POST or not current.is_open:
            form.is_valid()
            return Saved(current, form, Merge())
        typed = form.typed()
        result = form.merged(typed)
        facts = {name: value for name, value in result.facts.items() if name != "topics"}
        if "outward" in facts:
            facts["ward"] = ward_of(request.POST.get("outward", ""))
        try:
            with transaction.atomic():
                current = save_enquiry(
                    enquiry=current,
                    by=request.user,
                    version=current.version,
                    facts=facts,
                    topics=form.cleaned_data["topics"] if "topics" in result.facts else None,
                )
        except ValidationError as error:
            # What the form let through and the table does not: said at the top, and kept in the page.
            form.add_error(None, list(error.messages))
        wrong = _save_choices(request, current)
    return Saved(current, form, result, wrong_notes=wrong)


def _save_choices(request: SignedInRequest, current: Enquiry) -> bool:
    """The ways and notes of what is chosen; True when one of them is wrong."""
    forms_ = [
        ChosenForm(request.POST, choice=choice)
        for choice in current.choices.select_related("service")
    ]
    for form, values in changed_choices(forms_):
        choose_service(enquiry=current, service=form.choice.service, by=request.user, **values)
    return any(form.is_bound and not form.is_valid() for form in forms_)


def _saved_by_script(saved: Saved) -> JsonResponse:
    problems = [
        {"field": name, "message": str(message)}
        for name, found in saved.form.errors.items()
        for message in found
    ]
    labels = [str(saved.form.fields[name].label) for name in saved.result.clashes]
    return JsonResponse(
        {
            "at": f"{timezone.localtime():%H:%M}",
            "address": saved.enquiry.get_absolute_url(),
            "title": _("Enquiry %(reference)s") % {"reference": saved.enquiry.reference},
            "seen": saved.form.seen_after(saved.result),
            "problems": problems,
            "clashes": labels,
            "taken_over": bool(saved.result.taken_over),
        }
    )


def _turn(request: SignedInRequest, saved: Saved, do: str, which: str) -> Turn:
    """What the pressed button asks for."""
    try:
        if do in (Choice.Way.REFER, Choice.Way.SIGNPOST):
            return _choose(request, saved.enquiry, do, which)
        if do == "drop":
            service = _service(which)
            drop_service(enquiry=saved.enquiry, service=service, by=request.user)
            return Turn(focus=f"found-{service.short_id}")
        if do == "search":
            return Turn(focus="found")
        if do == "find_person":
            return _find_people(request)
        if do == "person":
            person = person_or_404(request.user, Permission.PERSON_VIEW, _uuid(which))
            about_person(enquiry=saved.enquiry, person=person, by=request.user)
            return Turn(focus="person")
        if do == "anonymous":
            about_person(enquiry=saved.enquiry, person=None, by=request.user)
            return Turn(focus="person")
        if do in ("print", "email"):
            return _hand_over(request, saved.enquiry, do)
        if do == "safeguarding":
            return Turn(answer=redirect("referrals:concern_new", "enquiry", saved.enquiry.id))
        if do == "finish":
            return _finish(request, saved, which)
    except Refused as refusal:
        return Turn(refusals=[str(refusal)])
    return Turn()


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise Http404 from error


def _service(which: str) -> Service:
    found = Service.objects.filter(id=_uuid(which)).select_related("organisation").first()
    if found is None:
        raise Http404
    return found


def _choose(request: SignedInRequest, current: Enquiry, way: str, which: str) -> Turn:
    offers = offers_of([_uuid(which)], desk=current.organisation)
    if not offers:
        raise Refused(_("This service is no longer in the directory."))
    offer = offers[0]
    if way == Choice.Way.REFER and not offer.may_refer:
        raise Refused(offer.only_tell)
    before = Choice.objects.filter(enquiry=current, service=offer.service).first()
    choose_service(
        enquiry=current,
        service=offer.service,
        by=request.user,
        way=way,
        note=before.note if before else "",
    )
    return Turn(focus=f"found-{offer.service.short_id}")


def _find_people(request: SignedInRequest) -> Turn:
    """Who it may be: one's own people, and others' masked. Names stand in no address."""
    form = FindForm({"q": request.POST.get("person_words", "")})
    if not form.is_valid():
        sentence = str(next(iter(form.errors.values()))[0])
        return Turn(focus="id_person_words", problems=[("person_words", sentence)])
    try:
        found = look_for_people(typed=form.typed, by=request.user)
    except LookedTooOften as refusal:
        raise Refused(
            _("That was a lot of searches. Wait some minutes, then try again.")
        ) from refusal
    return Turn(focus="people", people=found)


def _hand_over(request: SignedInRequest, current: Enquiry, do: str) -> Turn:
    form = HandOverForm(request.POST)
    cleaned = form.cleaned_data if form.is_valid() else {}
    told = [
        choice.service
        for choice in current.choices.filter(way=Choice.Way.SIGNPOST).select_related("service")
    ] or [choice.service for choice in current.choices.select_related("service")]
    if not told:
        raise Refused(_("Choose a service first."))
    if do == "print":
        tell_about(enquiry=current, services=told, way=Signpost.Way.PRINTED, by=request.user)
        size = cleaned.get("size") or PrintSize.LARGE.value
        address = reverse("referrals:enquiry_sheets", args=[current.id])
        return Turn(answer=redirect(f"{address}?size={size}"))
    email = cleaned.get("email")
    if not email:
        return Turn(
            focus="id_email",
            problems=[] if "email" in form.errors else [("email", _("Enter the e-mail address"))],
        )
    email_list(enquiry=current, services=told, address=email, by=request.user)
    messages.success(request, _("The e-mail is on its way. It names nobody and no service."))
    return Turn(focus="hand-over")


def _finish(request: SignedInRequest, saved: Saved, which: str) -> Turn:
    """The end: by what is chosen, or by one of the other ends."""
    current = saved.enquiry
    chosen = list(current.choices.select_related("service"))
    state = which if which in ENDS else ""
    if not state:
        refer = [one for one in chosen if one.way == Choice.Way.REFER]
        state = State.REFERRED if refer else State.SIGNPOSTED if chosen else State.ANSWERED
    if state not in (State.ABANDONED, State.ENTERED_IN_ERROR) and not saved.is_clear:
        return Turn()
    form = EnquiryForm(enquiry=as_saved(current))
    problems = list(form.finishing_problems(state, chosen=len(chosen)))
    hand_over = HandOverForm(request.POST)
    if "ask_on" in hand_over.errors:
        return Turn(problems=problems)
    if problems:
        return Turn(problems=problems)
    if state == State.REFERRED:
        if current.person is None:
            return Turn(
                focus="id_person_words",
                problems=[
                    ("person_words", _("To refer somebody, say first who they are: find them"))
                ],
            )
        return Turn(answer=redirect("referrals:enquiry_consent", current.id))
    done = finish_at_desk(enquiry=current, state=state, by=request.user, ask_on=hand_over.asked_on)
    return Turn(answer=_after_the_end(request, done))


def as_saved(current: Enquiry) -> Enquiry:
    """The row as it was just saved."""
    return Enquiry.objects.select_related("organisation", "person").get(pk=current.pk)


def _after_the_end(request: SignedInRequest, done: Enquiry) -> HttpResponse:
    messages.success(
        request,
        _("Finished: %(state)s. The reference is %(reference)s.")
        % {"state": done.get_state_display(), "reference": done.reference},
    )
    return redirect(done)


# --- The page again -------------------------------------------------------------------------------------


def _page_again(request: SignedInRequest, saved: Saved, turn: Turn) -> HttpResponse:
    """The screen with everything that was typed."""
    current = as_saved(saved.enquiry)
    form = saved.form.again(current, saved.result)
    page = enquiry_page(current, form=form, address=current.get_absolute_url(), data=request.POST)
    page.is_saved = True
    if current.person is None and turn.people is None:
        # Asked "is it about them?" and not answered yet: asked again, or the name is lost at the next button.
        page.proposed = person_allowed(request, request.POST.get("proposed", ""))
    page.focus, page.people, page.refusals = turn.focus, turn.people, turn.refusals
    page.taken_over = [str(form.fields[name].label) for name in saved.result.taken_over]
    page.hand_over.is_valid()
    for name, sentence in turn.problems:
        if name in form.fields:
            form.add_error(name, sentence)
        elif name in page.hand_over.fields:
            page.hand_over.add_error(name, sentence)
        elif name == "person_words":
            page.person_problem = sentence
            page.refusals.append(sentence)
        else:
            page.refusals.append(sentence)
    is_wrong = bool(
        form.errors
        or form.clashes
        or saved.wrong_notes
        or turn.problems
        or turn.refusals
        or page.hand_over.errors
    )
    return render_screen(request, page, status=422 if is_wrong else 200)


def render_screen(request: SignedInRequest, page: EnquiryPage, status: int = 200) -> HttpResponse:
    return render(
        request,
        "referrals/enquiry/screen.html",
        {"page": page, "form": page.form, "links": links_for(request.user, page.enquiry)},
        status=status,
    )


def _finished_meanwhile(
    request: SignedInRequest, found: Enquiry, do: str, which: str, *, by_script: bool
) -> HttpResponse:
    """Sent to an enquiry that has ended: a second click is no news, other words are given back."""
    if do == "finish" and which == State.ENTERED_IN_ERROR:
        return _after_the_end(request, finish_at_desk(enquiry=found, state=which, by=request.user))
    form = EnquiryForm(request.POST, enquiry=found)
    typed = form.typed() if "seen" in request.POST else {}
    result = form.merged(typed)
    differs = {**result.facts, **{name: typed[name] for name in result.clashes}}
    if by_script:
        return JsonResponse({"finished": True, "address": found.get_absolute_url()})
    if not differs:
        return redirect(found)
    lost = [
        (form.fields[name].label, say_value(form, name, value)) for name, value in differs.items()
    ]
    return render(
        request,
        "referrals/enquiry/finished.html",
        {
            "page": finished_page(found),
            "unsaved": lost,
            "links": links_for(request.user, found),
        },
        status=409,
    )
