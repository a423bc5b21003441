from django.apps import AppConfig


class MembersConfig(AppConfig):
    name = "members"

    def ready(self) -> None:
        from members.cards import access as doors_of_cards  # noqa: F401  (its doors)
        from members.cards import on_person_page as cards_on_person_page
        from members.finding import on_person_page
        from members.joining import cards as cards_of_members
        from members.joining import person_page as joining_on_person_page
        from members.offers import access as access_to_shops  # noqa: F401  (scopes and doors)
        from members.offers import links as links_of_shops  # noqa: F401  (its seal)
        from members.offers import sitemap as sitemap_of_offers
        from members.payments import access as access_to_money  # noqa: F401  (doors)

        on_person_page.register()
        cards_of_members.connect()
        joining_on_person_page.register()
        cards_on_person_page.register()
        sitemap_of_offers.register()
