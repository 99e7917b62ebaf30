"""Words for the codes of this room."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shuxiang.common.decisions import Decision

STATES = {
    "queued": pgettext_lazy("message", "waiting"),
    "sent": pgettext_lazy("message", "sent"),
    "failed": pgettext_lazy("message", "given up"),
    "cancelled": pgettext_lazy("message", "cancelled"),
}
SENDERS = {
    "none": _("Send nothing, print only"),
    "smtp": _("E-mail through a mail server (SMTP)"),
}
SECURITIES = {
    "tls": _("TLS from the start (usually port 465)"),
    "starttls": _("STARTTLS (usually port 587)"),
    "plain": _("None: only for a server in this building"),
}
ERRORS = {
    "unreachable": _("The mail server cannot be reached."),
    "not_let_in": _("The mail server does not accept name and password."),
    "not_trusted": _("The certificate of the mail server is not trusted."),
    "not_supported": _("The mail server does not know this kind of encryption or sign-in."),
    "address_refused": _("The mail server refuses the address."),
    "server_refused": _("The mail server refused the message."),
    "no_sender": _("No sender is chosen."),
}
REFUSALS = {
    "no_sender": _("This library sends nothing. Choose a sender in the settings, or print slips."),
    "bad_address": _("“%(text)s” is no e-mail address."),
    "no_host": _("Name the mail server, like smtp.example.com."),
    "bad_port": _("A port is a number from 1 to 65535."),
    "bad_security": _("Choose how the way to the server is protected."),
    "cannot_cancel": _("This message has gone already, or was given up."),
    "cannot_send_again": _("Only a message that was given up is sent again."),
}
DIFFERENCES = {"no_way_out": _("The message “%(subject)s” waits, but the library sends nothing.")}


def speak(code: str, params: dict[str, object]) -> str:
    """A reason code of this room in words."""
    return str({**REFUSALS, **DIFFERENCES}[code] % params)


def say_all(decision: Decision) -> str:
    return " ".join(speak(reason.code, dict(reason.params)) for reason in decision.reasons)
