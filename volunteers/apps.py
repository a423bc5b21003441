from django.apps import AppConfig


class VolunteersConfig(AppConfig):
    name = "volunteers"

    def ready(self) -> None:
        from volunteers import person_page
        from volunteers.becoming import telling as telling_volunteers
        from volunteers.helping import telling
        from volunteers.signals import offer_moved, volunteer_moved

        volunteer_moved.connect(
            telling_volunteers.volunteer_moved, dispatch_uid="volunteers.tell_of_suggestions"
        )
        offer_moved.connect(telling.offer_moved, dispatch_uid="volunteers.tell_of_offers")
        person_page.register()
