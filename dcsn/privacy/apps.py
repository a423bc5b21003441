from django.apps import AppConfig


class PrivacyConfig(AppConfig):
    name = "dcsn.privacy"
    label = "privacy"
