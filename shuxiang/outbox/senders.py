"""Senders: what takes a letter away. A new way is a class with `send` and a line in `sender_for`."""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Protocol
from uuid import UUID

from shuxiang.outbox.models import SenderSettings
from shuxiang.outbox.rules import one_line
from shuxiang.outbox.secrets import password_of

TIMEOUT_SECONDS = 15.0


@dataclass(frozen=True, slots=True)
class Letter:
    """What is to go: one address, words, and the identity that stays the same at every try."""

    uuid: UUID
    to_address: str
    to_name: str
    subject: str
    body: str
    from_name: str
    at: datetime


class Unsent(Exception):
    """A letter did not go. `code` is one of messages.ERRORS; `is_final` means that trying again is in vain, for this
    letter alone; `is_for_all` that every other letter would meet the same."""

    def __init__(
        self, code: str, text: str = "", *, is_final: bool = False, is_for_all: bool = False
    ) -> None:
        super().__init__(f"{code} {text}".strip())
        self.code, self.text = code, one_line(text)[:200]
        self.is_final, self.is_for_all = is_final, is_for_all


class Sender(Protocol):
    def send(self, letter: Letter) -> None:
        """Take a letter away. Raises Unsent."""


class Smtp:
    """E-mail through a server of the library's choice."""

    def __init__(self, chosen: SenderSettings, password: str) -> None:
        self._chosen, self._password = chosen, password

    def send(self, letter: Letter) -> None:
        """Hand a letter to the server; its answer is taken as final only when it refuses this very letter."""
        mail = self._mail(letter)
        with _told(), self._connection() as server:
            if self._chosen.username:
                server.login(self._chosen.username, self._password)
            server.send_message(mail)

    def _mail(self, letter: Letter) -> EmailMessage:
        domain = self._chosen.from_address.rpartition("@")[2]
        mail = EmailMessage()
        mail["Subject"] = one_line(letter.subject)
        mail["From"] = _address(letter.from_name, self._chosen.from_address)
        mail["To"] = _address(letter.to_name, letter.to_address)
        mail["Date"] = format_datetime(letter.at)
        mail["Message-ID"] = f"<{letter.uuid}@{domain}>"
        mail["Auto-Submitted"] = "auto-generated"
        mail.set_content(letter.body)
        return mail

    @contextmanager
    def _connection(self) -> Iterator[smtplib.SMTP]:
        chosen = self._chosen
        if chosen.security == SenderSettings.Security.TLS:
            context = ssl.create_default_context()
            with smtplib.SMTP_SSL(
                chosen.host, chosen.port, timeout=TIMEOUT_SECONDS, context=context
            ) as server:
                yield server
            return
        with smtplib.SMTP(chosen.host, chosen.port, timeout=TIMEOUT_SECONDS) as server:
            if chosen.security == SenderSettings.Security.STARTTLS:
                server.starttls(context=ssl.create_default_context())
            yield server


def _address(name: str, address: str) -> str:
    user, _at, domain = address.rpartition("@")
    return str(Address(one_line(name), user, domain))


@contextmanager
def _told() -> Iterator[None]:
    """What goes wrong between here and the server, as Unsent."""
    try:
        yield
    except smtplib.SMTPAuthenticationError as error:
        raise Unsent("not_let_in", _said(error.smtp_error), is_for_all=True) from error
    except smtplib.SMTPRecipientsRefused as error:
        code, said = next(iter(error.recipients.values()))
        raise Unsent("address_refused", _said(said), is_final=code >= 500) from error
    except smtplib.SMTPNotSupportedError as error:
        raise Unsent("not_supported", str(error), is_for_all=True) from error
    except smtplib.SMTPResponseException as error:
        raise Unsent("server_refused", _said(error.smtp_error), is_final=error.smtp_code >= 500) from error
    except ssl.SSLError as error:
        raise Unsent("not_trusted", str(error.reason or error), is_for_all=True) from error
    except (OSError, smtplib.SMTPException) as error:
        raise Unsent("unreachable", str(error), is_for_all=True) from error
    except (ValueError, UnicodeError) as error:
        raise Unsent("address_refused", str(error), is_final=True) from error


def _said(answer: bytes | str) -> str:
    return answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer


def sender_for(chosen: SenderSettings | None) -> Sender | None:
    """The sender that a library has chosen; None when nothing is to be sent."""
    if chosen is None or chosen.kind == SenderSettings.Kind.NONE:
        return None
    return Smtp(chosen, password_of(chosen.library.code))
