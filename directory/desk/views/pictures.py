"""An organisation's pictures."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from dcsn.access import Permission, get_permitted_or_404, requires
from directory.access import may_publish_picture
from directory.actions.pictures import MOST_PICTURES, TooManyPicturesError, add_picture
from directory.actions.pictures import publish_picture as publish_picture_action
from directory.actions.pictures import remove_picture as remove_picture_action
from directory.desk.forms.pictures import PictureForm
from directory.models import Organisation, Picture
from directory.pictures import NotAPicture


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
