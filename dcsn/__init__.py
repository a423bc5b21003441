"""The portal's project package: settings, addresses, and a small kernel that imports no app."""

# Imported here so that ``@shared_task`` finds this Celery application in every process, the web
# server's too; without it a task would be sent to Celery's default broker on localhost.
from dcsn.celery import app as celery_app

__all__ = ["celery_app"]
