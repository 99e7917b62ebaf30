"""The acts of the cash book; every door calls these."""

from shuxiang.cashbook.services.closing import close_day
from shuxiang.cashbook.services.entering import hand_over, receive, refund, reverse

__all__ = ["close_day", "hand_over", "receive", "refund", "reverse"]
