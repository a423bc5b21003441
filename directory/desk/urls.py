"""Addresses below ``/desk/directory/``."""

from django.urls import path

from directory.desk import views

app_name = "directory_desk"

urlpatterns = [
    path("", views.home, name="home"),
    path("services/<uuid:service_id>/", views.change_service, name="service"),
    path("services/<uuid:service_id>/checked/", views.confirm_service, name="confirm"),
    path("topics/", views.topics, name="topics"),
    path("topics/<uuid:term_id>/", views.change_topic, name="topic"),
    path("organisations/<uuid:organisation_id>/pictures/", views.pictures, name="pictures"),
    path("pictures/<uuid:picture_id>/publish/", views.publish_picture, name="picture-publish"),
    path("pictures/<uuid:picture_id>/remove/", views.remove_picture, name="picture-remove"),
]
