from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.outbox.mail_server import MailServer, mail_server


@pytest.fixture
def mail(settings) -> Iterator[MailServer]:
    """A real mail server; Django's own test mail box would answer yes to everything."""
    with mail_server() as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST = "127.0.0.1"
        settings.EMAIL_PORT = server.port
        settings.EMAIL_USE_TLS = False
        settings.EMAIL_HOST_USER = ""
        settings.EMAIL_HOST_PASSWORD = ""
        yield server


@pytest.fixture
def texts(settings, tmp_path):
    """Text messages by the local stub; returns the folder it writes into."""
    settings.SMS_ADAPTER = "dcsn.messages.adapters.sms.LocalStub"
    settings.SMS_STUB_DIR = tmp_path / "sms"
    return settings.SMS_STUB_DIR
