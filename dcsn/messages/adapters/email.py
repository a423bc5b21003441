"""E-mail through Django's own backend, with what is known after each kind of failure told apart."""

from __future__ import annotations

import contextlib
import smtplib
from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.utils.translation import gettext as _

from dcsn.messages.models import Message
from dcsn.messages.refusals import NotSent, Uncertain


def message_id(message: Message) -> str:
    """The Message-ID header; a mail that comes back names it, and so leads to the row."""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    return f"<{message.id}@{domain}>"


def send(message: Message) -> None:
    """Hand one e-mail to the mail server."""
    connection = get_connection(fail_silently=False)
    mail = EmailMessage(
        subject=message.subject,
        body=message.body,
        to=[message.to_address],
        headers={"Message-ID": message_id(message), "Auto-Submitted": "auto-generated"},
        connection=connection,
    )
    try:
        # Before the first word of the mail is said, a failure means that nothing went out.
        connection.open()
    except (OSError, smtplib.SMTPException) as error:
        raise NotSent(_("The mail server could not be reached."), again=True) from error
    try:
        mail.send()
    except smtplib.SMTPRecipientsRefused as error:
        code = next(iter(error.recipients.values()))[0]
        again = 400 <= code < 500
        words = (
            _("The mail server asked to try again later.")
            if again
            else _("The mail server says that this address does not exist.")
        )
        raise NotSent(words, again=again) from error
    except smtplib.SMTPServerDisconnected as error:
        raise Uncertain(_("The mail server hung up while the e-mail was being sent.")) from error
    except smtplib.SMTPResponseException as error:
        raise NotSent(
            _("The mail server refused the e-mail (%(code)s).") % {"code": error.smtp_code},
            again=400 <= error.smtp_code < 500,
        ) from error
    except ValueError as error:
        # Django's own refusal of a header with a line break in it.
        raise NotSent(_("The e-mail's address or subject cannot be used."), again=False) from error
    except OSError as error:
        raise Uncertain(_("The connection broke while the e-mail was being sent.")) from error
    finally:
        # It was sent or not before this.
        with contextlib.suppress(OSError, smtplib.SMTPException):
            connection.close()
