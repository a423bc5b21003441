from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Warning, register


class PrintingConfig(AppConfig):
    name = "dcsn.printing"
    label = "printing"

    def ready(self) -> None:
        register(check_fonts, deploy=True)


def check_fonts(app_configs: Any, **options: Any) -> list[CheckMessage]:
    """In production the fonts are built with the image: there is no npm package to build them from."""
    from dcsn.printing import fonts

    if all(fonts.font_path(weight).exists() for weight in fonts.WEIGHTS):
        return []
    return [
        Warning(
            "The print fonts are not built: sheets cannot be printed.",
            hint="Run python -m dcsn.printing.fonts after npm ci.",
            id="printing.W001",
        )
    ]
