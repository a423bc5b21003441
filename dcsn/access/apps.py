from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "dcsn.access"
    label = "access"
