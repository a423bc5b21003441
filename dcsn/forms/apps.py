from django.apps import AppConfig


class FormsConfig(AppConfig):
    name = "dcsn.forms"
    label = "dcsn_forms"
