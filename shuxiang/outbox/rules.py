"""When a message is tried again, and what becomes of it after a try."""

from datetime import timedelta

# After the first try, the second … A school's PC may be off over a weekend: the last ones are half a day apart.
BACK_OFF = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 360, 720, 720, 720, 720, 720))
KEEP_BODY = timedelta(days=90)
JOB = "outbox.send"


def wait_after(tries: int) -> timedelta | None:
    """How long after so many tries the next one comes; None when it is given up."""
    return BACK_OFF[tries - 1] if 0 < tries <= len(BACK_OFF) else None


def one_line(text: str) -> str:
    """Text for a header: line breaks and runs of blanks become one blank, so that no header can be smuggled in."""
    return " ".join(text.split())
