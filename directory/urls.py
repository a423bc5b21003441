"""The directory's addresses."""

from __future__ import annotations

from django.urls import path

from directory.views import home, topics

app_name = "directory"

urlpatterns = [
    path("", home.home, name="home"),
    path("topics/", topics.topics, name="topics"),
    path("topics/<slug:slug>/", topics.topic, name="topic"),
    path("services/a-to-z/", topics.a_to_z, name="a_to_z"),
]
