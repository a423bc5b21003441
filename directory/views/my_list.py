"""The reader's own list, and lists that are passed on by a code."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from dcsn.access import public
from dcsn.limits.rates import limited
from directory.actions.shared_lists import share_list
from directory.cards import cards_of
from directory.codes import read_code
from directory.forms.corrections import SharedListCodeForm
from directory.models import Service, SharedList
from directory.my_list import MyList, in_order


@public
@never_cache
@require_safe
def my_list(request: HttpRequest) -> HttpResponse:
    """What the reader has put aside."""
    asked = request.GET.get("code")
    form = SharedListCodeForm({"code": asked} if asked is not None else None)
    if asked is not None and form.is_valid():
        return redirect("directory:shared_list", form.cleaned_data["code"].said_code)
    services = in_order(MyList(request).ids)
    return render(
        request,
        "directory/my_list.html",
        {"cards": cards_of(services), "form": form},
    )


@public
@require_POST
def add(request: HttpRequest) -> HttpResponse:
    """Put a service on the list, and go back to where the reader was."""
    service = _posted_service(request)
    mine = MyList(request)
    if service.id not in mine and mine.is_full:
        messages.warning(request, _("Your list is full. Take something off it first."))
    else:
        mine.add(service.id)
        messages.success(request, _("%(name)s is on your list.") % {"name": service.name})
    return _back(request)


@public
@require_POST
def remove(request: HttpRequest) -> HttpResponse:
    """Take a service off the list. One that is no longer published can go too."""
    try:
        MyList(request).remove(UUID(request.POST.get("service", "")))
    except ValueError:
        return redirect("directory:my_list")
    messages.success(request, _("It is off your list."))
    return _back(request)


@public
@require_POST
def clear(request: HttpRequest) -> HttpResponse:
    """Empty the list, so that the next person at a library's computer finds nothing."""
    MyList(request).clear()
    messages.success(request, _("Your list is empty."))
    return redirect("directory:my_list")


@public
@limited("shared list")
@require_POST
def share(request: HttpRequest) -> HttpResponse:
    """Keep the list under a code and show the code."""
    ids = [service.id for service in in_order(MyList(request).ids)]
    if not ids:
        return redirect("directory:my_list")
    return redirect("directory:shared_list", share_list(service_ids=ids).said_code)


@public
@never_cache
@require_safe
def shared_list(request: HttpRequest, code: str) -> HttpResponse:
    """A list that somebody passed on."""
    found = get_object_or_404(SharedList.objects.kept(), code=read_code(code))
    return render(
        request,
        "directory/shared_list.html",
        {"shared": found, "cards": cards_of(in_order(found.service_ids))},
    )


@public
@require_POST
def take(request: HttpRequest, code: str) -> HttpResponse:
    """Put everything of a passed-on list on one's own."""
    found = get_object_or_404(SharedList.objects.kept(), code=read_code(code))
    MyList(request).add(*(service.id for service in in_order(found.service_ids)))
    messages.success(request, _("These services are on your list now."))
    return redirect("directory:my_list")


def _posted_service(request: HttpRequest) -> Service:
    try:
        key = UUID(request.POST.get("service", ""))
    except ValueError:
        key = UUID(int=0)
    return get_object_or_404(Service.objects.publishable(), id=key)


def _back(request: HttpRequest) -> HttpResponse:
    to = request.POST.get("next", "")
    allowed = url_has_allowed_host_and_scheme(
        to, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return redirect(to) if allowed else redirect("directory:my_list")
