from django.apps import AppConfig


class LimitsConfig(AppConfig):
    name = "dcsn.limits"
    label = "limits"
