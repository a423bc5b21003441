"""Addresses below ``/desk/directory/``."""

from django.urls import path

from directory.desk.views import organisations, pictures, places, services, times, topics

app_name = "directory_desk"

urlpatterns = [
    path("", services.home, name="home"),
    path("services/add/", services.add_service, name="add-service"),
    path("services/<uuid:service_id>/", services.change_service, name="service"),
    path("services/<uuid:service_id>/checked/", services.confirm_service, name="confirm"),
    path("services/<uuid:service_id>/times/", times.times, name="times"),
    path("services/<uuid:service_id>/places/add/", places.place, name="add-place"),
    path("services/<uuid:service_id>/places/<uuid:location_id>/", places.place, name="place"),
    path(
        "services/<uuid:service_id>/places/<uuid:location_id>/remove/",
        places.remove_place,
        name="place-remove",
    ),
    path("topics/", topics.topics, name="topics"),
    path("topics/<uuid:term_id>/", topics.change_topic, name="topic"),
    path("organisations/add/", organisations.add_organisation, name="add-organisation"),
    path(
        "organisations/<uuid:organisation_id>/",
        organisations.change_organisation,
        name="organisation",
    ),
    path("organisations/<uuid:organisation_id>/pictures/", pictures.pictures, name="pictures"),
    path("pictures/<uuid:picture_id>/publish/", pictures.publish_picture, name="picture-publish"),
    path("pictures/<uuid:picture_id>/remove/", pictures.remove_picture, name="picture-remove"),
]
