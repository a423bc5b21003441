"""For the till's drawer: what a card looks like, and what to do without a connection. One page."""

from __future__ import annotations

from zlib import crc32

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from dcsn.access import public
from dcsn.network import network
from dcsn.printing import PrintSize, file_name, pdf_response, render_pdf
from members.cards.number import as_printed, check_digits

AN_HOUR = 60 * 60
# Of no card: none begins with these eight digits in a row by chance often enough to matter.
EXAMPLE = "10203040"


def worked_example() -> dict[str, object]:
    """The sum for the back of an envelope: a number divided by 97 leaves 1."""
    number = int(EXAMPLE + check_digits(EXAMPLE))
    times, left = divmod(number, 97)
    return {
        "example": as_printed(str(number)),
        "plain": str(number),
        "times": str(times),
        "product": str(times * 97),
        "left": left,
    }


@public
@require_safe
def sheet(request: HttpRequest) -> HttpResponse:
    """Laid out once an hour for each size: it is the same for every shop."""
    size = PrintSize.read(request.GET.get("size"))
    here = network()
    address = f"{settings.SITE_ADDRESS}{reverse('members:till')}".split("//", 1)[-1]
    key = f"till-sheet:{size:d}:{crc32('|'.join((here.name, here.helpline, address)).encode())}"
    data = cache.get_or_set(
        key,
        lambda: render_pdf(
            "print/till_sheet.html",
            {"address": address, **worked_example()},
            size=size,
            title=_("At the till: is this card good?"),
        ),
        AN_HOUR,
    )
    return pdf_response(data, file_name(_("At the till"), size=size, on=timezone.localdate()))
