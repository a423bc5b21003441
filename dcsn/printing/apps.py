from django.apps import AppConfig


class PrintingConfig(AppConfig):
    name = "dcsn.printing"
    label = "printing"
