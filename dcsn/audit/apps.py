from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "dcsn.audit"
    label = "audit"
