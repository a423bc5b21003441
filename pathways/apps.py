from django.apps import AppConfig


class PathwaysConfig(AppConfig):
    name = "pathways"

    def ready(self) -> None:
        from pathways import joining, person_page, sitemap
        from pathways.carers import person_page as carers
        from pathways.reviews import on_page as reviews

        person_page.register()
        joining.register()
        carers.register()
        reviews.register()
        sitemap.register()
