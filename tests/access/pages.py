"""Which public addresses are pages that somebody reads on a screen, and what the others are."""

from __future__ import annotations

from django.urls import reverse

from tests.access.matrix import MATRIX
from tests.access.samples import SAMPLES
from tests.conftest import Cast

FORM_ONLY = frozenset(
    {
        "directory:add_to_list",
        "directory:clear_list",
        "directory:remove_from_list",
        "directory:share_list",
        "directory:start_print",
        "directory:take_list",
        "jobs:cancel",
        "members:join_clear",
        "members:join_pay_again",
        "members:my_card_gone",
        "members:my_renewal",
        "members:my_safety_net",
        "members:my_saving",
        "members:my_saving_forget",
        "members:my_share",
        "members:my_share_stop",
        "members:pay_notice",
        "pathways:carer_finished",
        "referrals:mine_leave",
        "referrals:mine_stop",
    }
)
# Pictures, style sheets, PDFs, files of rows, and what search engines read: each has its own tests.
NOT_HTML = frozenset(
    {
        "directory:my_list_sheet",
        "directory:picture",
        "directory:print_document",
        "directory:robots",
        "directory:sheet",
        "directory:sitemap",
        "directory:sitemap_section",
        "directory:suggest",
        "jobs:file",
        "members:complain_paper",
        "members:join_form",
        "members:leaflet_pdf",
        "members:shop_poster",
        "members:till_sheet",
        "numbers:public_csv",
        "pages:brand",
        "pages:icon",
        "pathways:calendar",
        "pathways:carer_form",
        "pathways:estimate_sheet",
        "pathways:my_budget_sheet",
        "volunteers:apply_paper",
        "volunteers:calendar_feed",
        "volunteers:link_certificate",
        "volunteers:link_claim_sheet",
        "volunteers:link_reference",
        "volunteers:roles_sheet",
    }
)
PUBLIC = sorted(name for name, row in MATRIX.items() if row.everybody and not row.step_of_sign_in)
PUBLIC_PAGES = [name for name in PUBLIC if name not in FORM_ONLY | NOT_HTML]


def path_of(name: str, cast: Cast) -> str:
    row = MATRIX[name]
    arguments = SAMPLES[row.sample](cast) if row.sample else {}
    return reverse(name, kwargs=arguments) + (f"?{row.query}" if row.query else "")
