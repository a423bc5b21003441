from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "dcsn.accounts"
    label = "accounts"
