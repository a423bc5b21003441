from django.apps import AppConfig


class MembersConfig(AppConfig):
    name = "members"

    def ready(self) -> None:
        from members.finding import on_person_page
        from members.offers import links as links_of_shops  # noqa: F401  (its seal)

        on_person_page.register()
