from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "dcsn.accounts"
    label = "accounts"

    def ready(self) -> None:
        from dcsn.accounts import sign_in

        sign_in.connect()
