"""What the tables of this app hold about people: nothing that can be told back to one."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from dcsn.privacy.classification import Kept, classified

FIELDS = {
    "limits.Tally": classified(Kept(_("1 day"), days=1), safe="id key began_at count"),
}
