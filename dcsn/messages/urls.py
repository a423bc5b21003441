from django.urls import path

from dcsn.messages import views

app_name = "outbox"
urlpatterns = [
    path("", views.message_list, name="messages"),
    path("<uuid:message_id>/", views.message_page, name="message"),
    path("<uuid:message_id>/letter.pdf", views.letter_pdf, name="letter"),
    path("<uuid:message_id>/settle/", views.settle, name="settle"),
]
