"""The administrator's page about what was done."""

from django.urls import path

from dcsn.audit import views

app_name = "audit"
urlpatterns = [path("", views.trail, name="trail")]
