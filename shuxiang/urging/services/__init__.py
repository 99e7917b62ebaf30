"""The acts of urging; every door calls these."""

from shuxiang.urging.services.addressing import forget_contact, save_contact, show_full_names
from shuxiang.urging.services.reminding import Paper, mark_urged, send_to_class, send_to_reader, take_back

__all__ = [
    "Paper",
    "forget_contact",
    "mark_urged",
    "save_contact",
    "send_to_class",
    "send_to_reader",
    "show_full_names",
    "take_back",
]
