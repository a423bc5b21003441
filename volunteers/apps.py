from django.apps import AppConfig


class VolunteersConfig(AppConfig):
    name = "volunteers"

    def ready(self) -> None:
        from volunteers import person_page
        from volunteers.becoming import telling as telling_volunteers
        from volunteers.giving import telling as giving
        from volunteers.giving import thanking
        from volunteers.helping import telling
        from volunteers.opportunities import on_organisation, sitemap
        from volunteers.rotas import telling as rotas
        from volunteers.signals import (
            help_request_moved,
            hours_logged,
            offer_moved,
            shift_called_off,
            shift_changed,
            shift_exchange_moved,
            shift_place_moved,
            shift_swap_offered,
            thanked,
            volunteer_moved,
        )

        volunteer_moved.connect(
            telling_volunteers.volunteer_moved, dispatch_uid="volunteers.tell_of_suggestions"
        )
        offer_moved.connect(telling.offer_moved, dispatch_uid="volunteers.tell_of_offers")
        shift_place_moved.connect(rotas.place_moved, dispatch_uid="volunteers.tell_of_places")
        shift_swap_offered.connect(rotas.swap_offered, dispatch_uid="volunteers.tell_of_swaps")
        shift_exchange_moved.connect(
            rotas.exchange_moved, dispatch_uid="volunteers.tell_of_exchanges"
        )
        shift_changed.connect(rotas.changed, dispatch_uid="volunteers.tell_of_changes")
        shift_called_off.connect(rotas.called_off, dispatch_uid="volunteers.tell_of_calling_off")
        help_request_moved.connect(giving.help_moved, dispatch_uid="volunteers.hours_of_help")
        thanked.connect(thanking.thanked, dispatch_uid="volunteers.send_thanks")
        hours_logged.connect(giving.hours_logged, dispatch_uid="volunteers.tell_of_hours")
        person_page.register()
        sitemap.register()
        on_organisation.register()
