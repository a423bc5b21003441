from django.apps import AppConfig


class PathwaysConfig(AppConfig):
    name = "pathways"

    def ready(self) -> None:
        from members.signals import consent_withdrawn
        from pathways import joining, person_page, sitemap
        from pathways.actions import sharing
        from pathways.budgets import access as budgets_access  # noqa: F401  (its doors)
        from pathways.budgets import on_page as budgets
        from pathways.carers import person_page as carers
        from pathways.fhir import copy as fhir_copy
        from pathways.fhir import on_page as fhir
        from pathways.plans import on_page as plans
        from pathways.reviews import on_page as reviews

        consent_withdrawn.connect(sharing.stop_after_withdrawal, dispatch_uid="pathways.unshared")
        person_page.register()
        joining.register()
        budgets.register()
        carers.register()
        fhir.register()
        fhir_copy.register()
        plans.register()
        reviews.register()
        sitemap.register()
