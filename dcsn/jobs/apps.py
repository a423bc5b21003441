from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "dcsn.jobs"
    label = "jobs"
