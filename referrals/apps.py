from django.apps import AppConfig


class ReferralsConfig(AppConfig):
    name = "referrals"

    def ready(self) -> None:
        from members.own_page import register_way_in
        from members.signals import consent_withdrawn
        from referrals import case_links, person_page, timeline_links
        from referrals.actions import asking, sending
        from referrals.opened_link import by_opened_link

        # A worker sends what a page queued: it must know how the seals in an e-mail are opened.
        from referrals.replies import codes, links  # noqa: F401

        consent_withdrawn.connect(sending.stop_after_withdrawal, dispatch_uid="referrals.withdrawn")
        consent_withdrawn.connect(asking.stop_after_withdrawal, dispatch_uid="referrals.not_asked")
        register_way_in(by_opened_link)
        case_links.register()
        timeline_links.register()
        person_page.register()
