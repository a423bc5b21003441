from django.apps import AppConfig


class DirectoryConfig(AppConfig):
    name = "directory"

    def ready(self) -> None:
        from dcsn.access.organisations import register_organisations
        from directory.organisation_names import DirectoryOrganisations

        register_organisations(DirectoryOrganisations())
