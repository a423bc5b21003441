from django.apps import AppConfig


class ReferralsConfig(AppConfig):
    name = "referrals"

    def ready(self) -> None:
        from members.signals import consent_withdrawn
        from referrals.actions.sending import stop_after_withdrawal

        consent_withdrawn.connect(stop_after_withdrawal, dispatch_uid="referrals.withdrawn")
