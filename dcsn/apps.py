"""The root package as a Django app: it brings the system checks and the commands of the whole."""

from django.apps import AppConfig


class RootConfig(AppConfig):
    name = "dcsn"
    label = "dcsn"

    def ready(self) -> None:
        from dcsn import checks  # noqa: F401  (importing registers them)
