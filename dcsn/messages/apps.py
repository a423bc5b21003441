from django.apps import AppConfig


class MessagesConfig(AppConfig):
    name = "dcsn.messages"
    label = "outbox"
