"""The Celery application: ``celery -A dcsn worker`` and ``celery -A dcsn beat``."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dcsn.settings")

app = Celery("dcsn")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
