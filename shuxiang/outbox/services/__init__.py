"""The acts of the outbox; every door calls these."""

from shuxiang.outbox.services.choosing import SenderValues, choose_sender
from shuxiang.outbox.services.queueing import cancel, queue_message, queue_test, send_again
from shuxiang.outbox.services.sending import Tally, send_due

__all__ = [
    "SenderValues",
    "Tally",
    "cancel",
    "choose_sender",
    "queue_message",
    "queue_test",
    "send_again",
    "send_due",
]
