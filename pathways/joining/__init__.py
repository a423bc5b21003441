"""Where plans, referrals and requests for help meet: the only place that knows all three.

``from_help``    what volunteers cannot do becomes an enquiry; so does a request that nobody could fill
``actions``      an action of a plan becomes a referral or a request for help, and shows how it stands
``back``         on the page of a referral, an enquiry or a request for help: the action that led to it
"""

from __future__ import annotations


def register() -> None:
    """Called by ``apps.ready()``."""
    from pathways.joining import back, from_help, section
    from referrals import enquiry_links, referral_links
    from volunteers.helping import page_links
    from volunteers.signals import help_request_unfilled, not_a_volunteers_task

    section.register()
    referral_links.register_links("pathways", back.of_referral)
    enquiry_links.register_links("pathways.actions", back.of_enquiry)
    page_links.register_links("pathways", back.of_help)
    not_a_volunteers_task.connect(from_help.not_for_volunteers, dispatch_uid="pathways.not_theirs")
    help_request_unfilled.connect(from_help.nobody_found, dispatch_uid="pathways.unfilled")
