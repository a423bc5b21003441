"""What the person is told, by letter, by e-mail or read out."""

from __future__ import annotations

from django.utils.translation import gettext as _

from volunteers.models import HelpRequest


def words_for_passed_on(passed_to: str) -> str:
    """Why no volunteer comes, and who gets in touch instead."""
    said = {
        HelpRequest.PassedTo.ENQUIRY: _(
            "What you need is more than a volunteer can do well. We have passed it to an access point near "
            "you. Somebody there gets in touch with you and looks for the right help with you."
        ),
        HelpRequest.PassedTo.PAID_SERVICE: _(
            "What you need is work for a service that charges for it. We have told you of one that we know; "
            "you decide whether you want it. If the cost is a worry, ring us: there may be a grant."
        ),
        HelpRequest.PassedTo.ADULT_SOCIAL_CARE: _(
            "What you need is care, and you may have a right to it. We have passed it to the council's adult "
            "social care team. They get in touch with you and ask what would help."
        ),
    }
    return said.get(HelpRequest.PassedTo(passed_to), "") if passed_to else ""
