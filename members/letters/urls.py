"""The addresses of letters to members; included by ``members/urls.py``."""

from __future__ import annotations

from django.urls import path

from members.letters import views

urlpatterns = [
    path("desk/members/letters/", views.listing, name="letters"),
    path("desk/members/letters/make/", views.make, name="letters_make"),
    path("desk/members/letters/<uuid:run_id>/", views.one, name="letter_run"),
    path("desk/members/letters/<uuid:run_id>/one.pdf", views.sample, name="letter_sample"),
    path("desk/members/letters/<uuid:run_id>/print/", views.print_letters, name="letters_print"),
    path("desk/members/letters/<uuid:run_id>/emails/", views.emails, name="letters_emails"),
    path("desk/members/letters/<uuid:run_id>/posted/", views.posted, name="letters_posted"),
    path(
        "desk/members/letters/<uuid:run_id>/<uuid:letter_id>/", views.settle, name="letter_settle"
    ),
]
