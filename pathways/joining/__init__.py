"""Where plans, referrals and requests for help meet: the only place that knows all three.

``from_help``    what volunteers cannot do becomes an enquiry; so does a request that nobody could fill
``actions``      an action of a plan becomes a referral or a request for help, and shows how it stands
"""

from __future__ import annotations


def register() -> None:
    """Called by ``apps.ready()``."""
    from pathways.joining import from_help, section
    from volunteers.signals import help_request_unfilled, not_a_volunteers_task

    section.register()
    not_a_volunteers_task.connect(from_help.not_for_volunteers, dispatch_uid="pathways.not_theirs")
    help_request_unfilled.connect(from_help.nobody_found, dispatch_uid="pathways.unfilled")
