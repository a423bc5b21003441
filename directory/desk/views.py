"""The directory's back office. The first line of each view says who may."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dcsn.access import Permission, can, get_permitted_or_404, requires, scope_of_permission
from dcsn.network import network
from directory.access import may_publish_picture
from directory.actions.pictures import (
    MOST_PICTURES,
    TooManyPicturesError,
    add_picture,
)
from directory.actions.pictures import publish_picture as publish_picture_action
from directory.actions.pictures import remove_picture as remove_picture_action
from directory.actions.services import ChangedMeanwhileError
from directory.actions.services import change_service as change_service_action
from directory.actions.services import confirm_service as confirm_service_action
from directory.actions.topics import change_topic_words
from directory.desk.forms import ConfirmForm, PictureForm, ServiceForm, TopicWordsForm
from directory.models import Organisation, Picture, Service, TaxonomyTerm
from directory.pictures import NotAPicture

PER_PAGE = 50


@requires(Permission.SERVICE_CHANGE)
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The services an editor looks after, those that were never or longest ago checked first."""
    services = Service.objects.editable_by(request.user).for_desk()
    words = " ".join(request.GET.get("q", "")[:100].replace("\x00", "").split())
    if words:
        services = services.filter(name__icontains=words)
    page = Paginator(services, PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "directory/desk/home.html",
        {
            "page": page,
            "words": words,
            "may_change_topics": can(request.user, Permission.TAXONOMY_CHANGE),
        },
    )


@requires(Permission.SERVICE_CHANGE)
@require_http_methods(["GET", "HEAD", "POST"])
def change_service(request: HttpRequest, service_id: UUID) -> HttpResponse:
    """Change the facts of a service; what was typed comes back with any refusal."""
    service = get_permitted_or_404(
        request.user,
        Permission.SERVICE_CHANGE,
        Service.objects.select_related("organisation").prefetch_related("terms"),
        pk=service_id,
    )
    form = ServiceForm(request.POST or None, instance=service)
    # The form's instance takes the typed values on validation: the heading keeps the stored name.
    context: dict[str, Any] = {"service_name": service.name, "organisation": service.organisation}
    status = 200
    if request.method == "POST":
        if form.is_valid():
            try:
                change_service_action(
                    service=service,
                    values=form.values,
                    topics=list(form.cleaned_data["topics"]),
                    seen=form.cleaned_data["seen"],
                    by=request.user,
                )
            except ChangedMeanwhileError as meanwhile:
                form = _with_current_facts(form, meanwhile.current)
                context["changed_meanwhile"] = True
                status = 409
            else:
                messages.success(request, _("Saved. The public page shows it now."))
                return redirect("directory_desk:service", service_id=service.pk)
        else:
            status = 422
    context |= {"form": form, "service": service, "confirm_form": ConfirmForm()}
    return render(request, "directory/desk/service.html", context, status=status)


def _with_current_facts(form: ServiceForm, current: Service) -> ServiceForm:
    """The same form with what was typed, a note beside each field that somebody else changed, and
    the new state as the one seen: saving again then keeps this editor's words."""
    data = form.data.copy()  # type: ignore[attr-defined]
    data["seen"] = current.last_modified.isoformat()
    again = ServiceForm(data, instance=current)
    again.full_clean()
    stored = Service.objects.get(pk=current.pk)
    for name in again.values:
        if getattr(stored, name) != again.cleaned_data.get(name):
            shown = getattr(
                stored, f"get_{name}_display", lambda name=name: getattr(stored, name)
            )()
            again.add_error(
                name,
                _("Somebody else has just saved: %(value)s") % {"value": shown or _("nothing")},
            )
    return again


@requires(Permission.SERVICE_CONFIRM)
@require_POST
def confirm_service(request: HttpRequest, service_id: UUID) -> HttpResponse:
    """Say that the facts of a service are right as of today."""
    service = get_permitted_or_404(
        request.user,
        Permission.SERVICE_CONFIRM,
        Service.objects.select_related("organisation"),
        pk=service_id,
    )
    form = ConfirmForm(request.POST)
    if not form.is_valid():
        return render(
            request,
            "directory/desk/service.html",
            {
                "form": ServiceForm(instance=service),
                "service": service,
                "service_name": service.name,
                "organisation": service.organisation,
                "confirm_form": form,
            },
            status=422,
        )
    # Who checked is said as a body, never as a person: the provider itself, or the network.
    whole_directory = scope_of_permission(request.user, Permission.SERVICE_CONFIRM).network
    confirm_service_action(
        service=service,
        checked_by=network().name if whole_directory else service.organisation.name,
        by=request.user,
    )
    messages.success(request, _("Thank you. The page says that it was checked today."))
    return redirect("directory_desk:service", service_id=service.pk)


@requires(Permission.TAXONOMY_CHANGE)
@require_safe
def topics(request: HttpRequest) -> HttpResponse:
    """Every topic with how many services and everyday words it has."""
    terms = (
        TaxonomyTerm.objects.select_related("parent")
        .annotate(service_count=Count("services"))
        .order_by("parent__position", "parent__sort_key", "position", "sort_key")
    )
    return render(request, "directory/desk/topics.html", {"terms": terms})


@requires(Permission.TAXONOMY_CHANGE)
@require_http_methods(["GET", "HEAD", "POST"])
def change_topic(request: HttpRequest, term_id: UUID) -> HttpResponse:
    """Change the words that lead to a topic."""
    term = get_permitted_or_404(
        request.user,
        Permission.TAXONOMY_CHANGE,
        TaxonomyTerm.objects.select_related("parent"),
        pk=term_id,
    )
    form = TopicWordsForm(
        request.POST or None, initial={"synonyms": term.synonyms, "phrases": term.phrases}
    )
    if request.method == "POST" and form.is_valid():
        change_topic_words(term=term, by=request.user, **form.cleaned_data)
        messages.success(request, _("Saved. Search knows these words now."))
        return redirect("directory_desk:topic", term_id=term.pk)
    return render(
        request,
        "directory/desk/topic.html",
        {"form": form, "term": term},
        status=422 if form.errors else 200,
    )


@requires(Permission.ORGANISATION_CHANGE)
@require_http_methods(["GET", "HEAD", "POST"])
def pictures(request: HttpRequest, organisation_id: UUID) -> HttpResponse:
    """An organisation's pictures, and a form for one more."""
    organisation = get_permitted_or_404(
        request.user,
        Permission.ORGANISATION_CHANGE,
        Organisation.objects.prefetch_related("pictures"),
        pk=organisation_id,
    )
    form = PictureForm(request.POST or None, request.FILES or None)
    publishes = may_publish_picture(request.user, Picture(organisation=organisation))
    if request.method == "POST" and form.is_valid():
        try:
            add_picture(
                organisation=organisation,
                upload=form.cleaned_data["picture"],
                alternative_text=form.cleaned_data["alternative_text"],
                published=publishes,
                by=request.user,
            )
        except NotAPicture as refusal:
            form.add_error("picture", str(refusal))
        except TooManyPicturesError:
            form.add_error(
                "picture",
                _("There are %(most)d pictures already. Take one away first.")
                % {"most": MOST_PICTURES},
            )
        else:
            messages.success(
                request,
                _("Added. It is on the organisation’s page.")
                if publishes
                else _("Added. It appears on your page when an editor has looked at it."),
            )
            return redirect("directory_desk:pictures", organisation_id=organisation.pk)
    return render(
        request,
        "directory/desk/pictures.html",
        {"form": form, "organisation": organisation, "may_publish": publishes},
        status=422 if form.errors else 200,
    )


@requires(Permission.REPORT_HANDLE)
@require_POST
def publish_picture(request: HttpRequest, picture_id: UUID) -> HttpResponse:
    picture = get_permitted_or_404(
        request.user, Permission.REPORT_HANDLE, Picture.objects.all(), pk=picture_id
    )
    publish_picture_action(picture=picture, by=request.user)
    messages.success(request, _("The picture is on the organisation’s page."))
    return redirect("directory_desk:pictures", organisation_id=picture.organisation_id)


@requires(Permission.ORGANISATION_CHANGE)
@require_POST
def remove_picture(request: HttpRequest, picture_id: UUID) -> HttpResponse:
    picture = get_permitted_or_404(
        request.user, Permission.ORGANISATION_CHANGE, Picture.objects.all(), pk=picture_id
    )
    remove_picture_action(picture=picture, by=request.user)
    messages.success(request, _("The picture has been taken away."))
    return redirect("directory_desk:pictures", organisation_id=picture.organisation_id)
