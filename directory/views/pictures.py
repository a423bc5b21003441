"""An organisation's pictures: served by asking who may see them, never by the file's path."""

from __future__ import annotations

from uuid import UUID

from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from dcsn.access import public
from directory.access import may_see_picture
from directory.models import Picture


@public
@require_safe
def picture(request: HttpRequest, picture_id: UUID) -> HttpResponseBase:
    """The picture, as the JPEG that :mod:`directory.pictures` made of it."""
    found = get_object_or_404(Picture.objects.select_related("organisation"), pk=picture_id)
    if not may_see_picture(request.user, found):
        raise Http404
    try:
        content = found.image.open("rb")
    except OSError as error:
        # The row outlived its file, as after a restore without the files.
        raise Http404 from error
    response = FileResponse(content, content_type="image/jpeg")
    # A picture never changes under its address; one that is not public stays in one browser.
    visibility = "public" if found.published else "private"
    response["Cache-Control"] = f"{visibility}, max-age=86400"
    return response
