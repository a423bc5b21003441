from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class AuditConfig(AppConfig):
    name = "dcsn.audit"
    label = "audit"

    def ready(self) -> None:
        """Every app's ``events.py`` is read at the start, so that an old event can always be shown."""
        autodiscover_modules("events")
