"""The root package as a Django app: it brings the system checks and the commands of the whole."""

from pathlib import Path

from django.apps import AppConfig


class RootConfig(AppConfig):
    name = "dcsn"
    label = "dcsn"

    def ready(self) -> None:
        from dcsn import checks  # noqa: F401  (importing registers them)

        make_broker_folders()


def make_broker_folders() -> None:
    """Without Redis, messages are files; Celery's worker stops when their folder is not there."""
    from django.conf import settings

    if settings.CELERY_BROKER_URL == "filesystem://":
        options = settings.CELERY_BROKER_TRANSPORT_OPTIONS
        for folder in {str(folder) for folder in options.values()}:
            Path(folder).mkdir(parents=True, exist_ok=True)
