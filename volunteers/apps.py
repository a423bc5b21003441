from django.apps import AppConfig


class VolunteersConfig(AppConfig):
    name = "volunteers"

    def ready(self) -> None:
        from volunteers import person_page
        from volunteers.helping import telling
        from volunteers.signals import offer_moved

        offer_moved.connect(telling.offer_moved, dispatch_uid="volunteers.tell_of_offers")
        person_page.register()
