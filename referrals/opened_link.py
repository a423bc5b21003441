"""Who opened their own page a moment ago, by a link and the number that they were told.

``members.own_page`` asks here too: whoever may read their referrals may see their membership.
"""

from __future__ import annotations

from django.http import HttpRequest
from django.utils import timezone

from members.models import Person
from referrals.models import PersonalLink

GRANT = "my_referrals"
GRANT_LASTS = 20 * 60  # seconds without a click, on a library's computer


def by_opened_link(request: HttpRequest) -> Person | None:
    """The person whose link and number were given here within the last minutes."""
    grant = request.session.get(GRANT)
    if grant:
        if timezone.now().timestamp() - grant["at"] < GRANT_LASTS:
            link = (
                PersonalLink.objects.usable(timezone.now())
                .filter(pk=grant["link"], kind=PersonalLink.Kind.MINE)
                .select_related("person", "person__organisation")
                .first()
            )
            if link is not None:
                request.session[GRANT] = {**grant, "at": timezone.now().timestamp()}
                return link.person
        del request.session[GRANT]
    return None
