"""Paper: a service's sheet at once; lists with a choice of size and colour; long ones by a job."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from dcsn.access import public
from dcsn.error_pages import too_many_requests
from dcsn.jobs.askers import remember_asking
from dcsn.limits.rates import Rate, limited, seconds_to_wait
from dcsn.printing import PaperColour, PrintSize, file_name, pdf_response
from directory.actions.printing import start_print
from directory.forms.printing import NearForm, PrintForm, PrintListForm
from directory.models import Service
from directory.my_list import MyList, in_order
from directory.nearby import NoSuchPostcode
from directory.printing import AT_ONCE, selection_file_name, selection_pdf, service_pdf
from directory.selections import (
    ListOfServices,
    NothingSelected,
    OneService,
    Selection,
    selection_from,
)
from directory.sheets import printable

# A long print takes a worker some seconds; the same one twice costs nothing.
LONG_PRINTS = Rate(6, timedelta(minutes=10))
# A list that is made at once costs up to a second and a half. Looking at a page needs no cookie, so that
# browsers cannot be told apart: this is for programs that never stop, not for a full reading room.
LISTS_AT_ONCE = Rate(200, timedelta(minutes=10))
# A list with notes is made in the request, about a second at most.
LISTS_WITH_NOTES = Rate(30, timedelta(minutes=10))


@public
@require_safe
def sheet(request: HttpRequest, slug: str, short_id: str) -> HttpResponse:
    """One service on paper. Its page is the thing itself, and is said to be in the headers."""
    found = get_object_or_404(printable(Service.objects.all()), short_id=short_id)
    if found.slug != slug:
        return redirect("directory:sheet", found.slug, found.short_id, permanent=True)
    size, paper = _choices(request)
    return _pdf(
        service_pdf(found, size=size, paper=paper, now=timezone.now()),
        file_name(found.name, size=size, on=timezone.localdate()),
        canonical=request.build_absolute_uri(found.get_absolute_url()),
    )


@public
@never_cache
@require_safe
def print_options(request: HttpRequest) -> HttpResponse:
    """What is to be printed, how long it is, and the choice of size and colour.

    Without anything chosen it asks for a postcode, because that list has no page of its own.
    """
    selection = _selection(request)
    if selection is None:
        return _near_page(request)
    return _options_page(request, selection, PrintForm())


@public
@require_safe
def print_document(request: HttpRequest) -> HttpResponse:
    """A list that is short enough to wait for; a longer one is asked for on the page before."""
    selection = _selection(request)
    if selection is None:
        return _near_page(request)
    if isinstance(selection, OneService):
        return redirect(
            reverse("directory:sheet", args=[selection.service.slug, selection.service.short_id])
            + f"?{urlencode({k: v for k, v in request.GET.items() if k in ('size', 'paper')})}"
        )
    if not 0 < selection.count <= AT_ONCE:
        return redirect(f"{reverse('directory:print')}?{urlencode(selection.codes)}")
    size, paper = _choices(request)
    return _selection_response(selection, size, paper, request)


@public
@require_POST
@limited("print", per_browser=LONG_PRINTS)
def start(request: HttpRequest) -> HttpResponse:
    """Have a long list printed by a worker; its page says how far it is and hands the file over."""
    try:
        selection = selection_from(request.POST.dict(), MyList(request).ids)
    except (NothingSelected, NoSuchPostcode) as error:
        raise Http404 from error
    form = PrintForm(request.POST)
    if not form.is_valid():
        return _options_page(request, selection, form)
    if selection.count <= AT_ONCE:
        query = {**selection.codes, **{key: str(value) for key, value in form.cleaned_data.items()}}
        return redirect(f"{reverse('directory:print_document')}?{urlencode(query)}")
    job = start_print(
        selection=selection,
        size=form.cleaned_data["size"],
        paper=form.cleaned_data["paper"],
    )
    remember_asking(request, job)
    return redirect(job)


@public
@never_cache
@require_safe
def my_list_sheet(request: HttpRequest) -> HttpResponse:
    """My list at once, without notes."""
    selection = ListOfServices(MyList(request).ids)
    if not selection.count:
        return redirect("directory:my_list")
    size, paper = _choices(request)
    return _selection_response(selection, size, paper, request)


@public
@never_cache
@limited("print my list", per_browser=LISTS_WITH_NOTES)
def my_list_print(request: HttpRequest) -> HttpResponse:
    """My list with notes beside the services. The notes are in the PDF and nowhere else."""
    services = in_order(MyList(request).ids)
    if not services:
        return redirect("directory:my_list")
    form = PrintListForm(request.POST or None, services=services)
    if request.method == "POST" and form.is_valid():
        return _selection_response(
            ListOfServices([service.id for service in services]),
            form.cleaned_data["size"],
            form.cleaned_data["paper"],
            request,
            notes=form.notes,
        )
    return render(request, "directory/print_my_list.html", {"form": form})


def _selection(request: HttpRequest) -> Selection | None:
    """What the address names; ``None`` when a postcode must be asked for, for the first time or again."""
    if not any(request.GET.get(code) for code in ("service", "topic", "list", "near")):
        return None
    try:
        return selection_from(request.GET.dict(), MyList(request).ids)
    except NoSuchPostcode:
        return None
    except NothingSelected as error:
        raise Http404 from error


def _near_page(request: HttpRequest) -> HttpResponse:
    form = NearForm(request.GET if "near" in request.GET else None)
    form.is_valid()
    return render(request, "directory/print_near.html", {"form": form})


def _options_page(request: HttpRequest, selection: Selection, form: PrintForm) -> HttpResponse:
    return render(
        request,
        "directory/print_options.html",
        {
            "selection": selection,
            "form": form,
            "at_once": selection.count <= AT_ONCE,
        },
    )


def _choices(request: HttpRequest) -> tuple[PrintSize, PaperColour]:
    """What was asked for; an odd value gives large print on white, never an error."""
    return PrintSize.read(request.GET.get("size")), PaperColour.read(request.GET.get("paper"))


def _selection_response(
    selection: Selection,
    size: PrintSize,
    paper: PaperColour,
    request: HttpRequest,
    notes: dict[str, str] | None = None,
) -> HttpResponse:
    if request.method == "GET":
        wait = seconds_to_wait(
            request, "print a list", per_browser=LISTS_AT_ONCE, per_address=LISTS_AT_ONCE
        )
        if wait:
            return too_many_requests(request, retry_after=wait)
    data = selection_pdf(selection, size=size, paper=paper, now=timezone.now(), notes=notes)
    return _pdf(
        data,
        selection_file_name(selection, size=size),
        canonical=request.build_absolute_uri(selection.page),
    )


def _pdf(data: bytes, name: str, *, canonical: str) -> HttpResponse:
    """Shown by the browser, which can print it; saved under a name that says what and when."""
    response = pdf_response(data, name)
    response["Content-Length"] = str(len(data))
    response["X-Robots-Tag"] = "noindex"
    response["Link"] = f'<{canonical}>; rel="canonical"'
    return response
