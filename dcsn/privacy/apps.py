from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class PrivacyConfig(AppConfig):
    name = "dcsn.privacy"
    label = "privacy"

    def ready(self) -> None:
        """Find every ``<app>/privacy.py``: its ``FIELDS``, and the links it registers."""
        from dcsn.privacy import checks  # noqa: F401  (importing registers the check)

        autodiscover_modules("privacy")
