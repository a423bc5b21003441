"""GOV.UK Pay tells us that something happened to a payment. We believe that it spoke, not what it said."""

from __future__ import annotations

import json
import logging

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from dcsn.access import public
from members.payments.online import hear_of_news
from members.payments.providers.govuk_pay import is_signed

logger = logging.getLogger(__name__)
# Notices are a few kilobytes long.
LARGEST = 100_000


@csrf_exempt
@public
@never_cache
@require_POST
def govuk_pay(request: HttpRequest) -> HttpResponse:
    """204 at once, for whatever was signed; the payment is read afterwards, by its id, by a worker.

    The same notice three times, or an older one after a newer, reads the payment once more and changes
    nothing. One about a payment that is not ours is answered like any other: it tells a prober nothing.
    """
    if not settings.GOVUK_PAY_WEBHOOK_SECRETS:
        raise Http404
    if int(request.headers.get("Content-Length") or 0) > LARGEST:
        return HttpResponse(status=413)
    body = request.body
    if not is_signed(body, request.headers.get("Pay-Signature", "")):
        logger.warning("A notice with a wrong signature was refused")
        return HttpResponse(status=403)
    try:
        said = json.loads(body)
        resource_id = str(said["resource_id"])
    except (ValueError, KeyError, TypeError):
        logger.warning("A signed notice names no payment")
        return HttpResponse(status=204)
    if 0 < len(resource_id) <= 64 and resource_id.isprintable():
        hear_of_news(resource_id)
    return HttpResponse(status=204)
