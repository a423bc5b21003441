from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class AccessConfig(AppConfig):
    name = "dcsn.access"
    label = "access"

    def ready(self) -> None:
        """Every app's ``access.py`` is read at the start: whose its rows are, and its doors."""
        autodiscover_modules("access")
