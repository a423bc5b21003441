from django.apps import AppConfig


class ReferralsConfig(AppConfig):
    name = "referrals"

    def ready(self) -> None:
        from members.signals import consent_withdrawn
        from referrals import case_links, person_page, timeline_links
        from referrals.actions import asking, sending

        # A worker sends what a page queued: it must know how the seals in an e-mail are opened.
        from referrals.replies import codes, links  # noqa: F401

        consent_withdrawn.connect(sending.stop_after_withdrawal, dispatch_uid="referrals.withdrawn")
        consent_withdrawn.connect(asking.stop_after_withdrawal, dispatch_uid="referrals.not_asked")
        case_links.register()
        timeline_links.register()
        person_page.register()
