"""The checks of the stack room (帐帐相符), each one set-based query; registered when the room is loaded."""

from shuxiang.audit.reconcile import words
from shuxiang.holdings.messages import speak
from shuxiang.holdings.reconcile import accounts, books, counts, numbers, years

__all__ = ["accounts", "books", "counts", "numbers", "years"]

words("holdings", speak)
