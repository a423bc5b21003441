from django.apps import AppConfig


class PagesConfig(AppConfig):
    name = "dcsn.pages"
    label = "pages"
