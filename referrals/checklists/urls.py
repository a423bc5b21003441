"""The addresses of the First Contact checklist."""

from __future__ import annotations

from django.urls import path

from referrals.checklists import views, views_questions

urlpatterns = [
    path("desk/checklists/", views.listing, name="checklists"),
    path("desk/checklists/new/", views.new, name="checklist_new"),
    path("desk/checklists/paper.pdf", views.paper, name="checklist_paper"),
    path("desk/checklists/questions/", views_questions.questions, name="questions"),
    path("desk/checklists/questions/change/", views_questions.change, name="questions_change"),
    path("desk/checklists/questions/new/", views_questions.add, name="question_new"),
    path("desk/checklists/questions/<uuid:question_id>/", views_questions.reword, name="question"),
    path("desk/checklists/<uuid:checklist_id>/", views.one, name="checklist"),
    path("desk/checklists/<uuid:checklist_id>/answers/", views.answers, name="checklist_answers"),
]
