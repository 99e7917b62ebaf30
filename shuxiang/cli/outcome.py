"""How a command ends: its exit status, or a sentence instead of a result."""

DONE, DONE_WITH_REFUSALS, NOT_DONE = 0, 1, 2


class NotDone(Exception):
    """Nothing was done; the message is the sentence that the person at the terminal reads."""
