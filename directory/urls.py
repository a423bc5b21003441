"""The directory's addresses."""

from __future__ import annotations

from django.urls import path, register_converter

from directory.views import home, services, topics


class ShortId:
    """The ten letters and digits at the end of a record's address."""

    regex = r"[a-z0-9]{10}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(ShortId, "short")
app_name = "directory"

urlpatterns = [
    path("", home.home, name="home"),
    path("topics/", topics.topics, name="topics"),
    path("topics/<slug:slug>/", topics.topic, name="topic"),
    path("services/a-to-z/", topics.a_to_z, name="a_to_z"),
    path(
        "services/<slug:slug>-<short:short_id>/",
        services.service,
        name="service",
    ),
    path(
        "organisations/<slug:slug>-<short:short_id>/",
        services.organisation,
        name="organisation",
    ),
]
