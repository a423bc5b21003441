from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class JobsConfig(AppConfig):
    name = "dcsn.jobs"
    label = "jobs"

    def ready(self) -> None:
        """Find every ``<app>/jobs.py``, so that a worker knows the kinds it is asked to run."""
        autodiscover_modules("jobs")
