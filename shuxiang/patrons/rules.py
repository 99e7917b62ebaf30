"""Pure rules about readers: may this card number, name, membership be?"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise

from shuxiang.common.decisions import Reason, Weight

_ID_NUMBER = re.compile(r"\d{17}[\dXx]")  # an identity number has 18 signs


def judge_name(name: str) -> Reason | None:
    """A reader needs a name of at most 60 signs."""
    if not name.strip():
        return Reason("patron_needs_name", Weight.REFUSE)
    return Reason("patron_name_long", Weight.REFUSE, {"most": 60}) if len(name.strip()) > 60 else None


def judge_number(number: str) -> Reason | None:
    """A card number is 1 to 40 signs without spaces, and no identity number: readers are children (decision 0005)."""
    if not number or len(number) > 40 or any(sign.isspace() for sign in number):
        return Reason("card_number_bad", Weight.REFUSE, {"number": number})
    if _ID_NUMBER.fullmatch(number):
        return Reason("card_number_is_identity", Weight.REFUSE)
    return None


def judge_taken(number: str, holder: str | None, is_open: bool) -> Reason | None:
    """A number that anybody ever had is never given again; the reason names whose it is or was."""
    if holder is None:
        return None
    code = "card_number_taken" if is_open else "card_number_used_before"
    return Reason(code, Weight.REFUSE, {"number": number, "name": holder})


def judge_leaving(joined_on: date, left_on: date | None, on: date) -> Reason | None:
    """One leaves once, and not before one came."""
    if left_on is not None:
        return Reason("patron_left_already", Weight.REFUSE, {"on": left_on})
    return Reason("patron_left_before_joining", Weight.REFUSE, {"on": joined_on}) if on < joined_on else None


def judge_move(member_from: date | None, on: date) -> Reason | None:
    """A move to another class is dated after the day on which the reader came into the class before."""
    if member_from is None or on > member_from:
        return None
    return Reason("move_too_early", Weight.REFUSE, {"from": member_from, "on": on})


PICTURES, LENGTH = 12, 4  # there are twelve; a code is four of them in order


def judge_pictures(pictures: Sequence[int]) -> Reason | None:
    """A code is four of the twelve pictures, and neither the same one throughout nor four as they stand in a row."""
    if len(pictures) != LENGTH or not all(1 <= one <= PICTURES for one in pictures):
        return Reason("pictures_bad", Weight.REFUSE, {"length": LENGTH})
    steps = {after - before for before, after in pairwise(pictures)}
    return Reason("pictures_weak", Weight.REFUSE) if steps in ({0}, {1}, {-1}) else None


@dataclass(frozen=True)
class Pace:
    """How wrong tries are slowed down: so many are free, then each waits twice as long as the last, at most `most`."""

    free: int
    first: timedelta
    most: timedelta
    forgotten_after: timedelta

    def wrong_now(self, wrong: int, wrong_at: datetime | None, at: datetime) -> int:
        """The tries that still count."""
        is_old = wrong_at is None or at - wrong_at >= self.forgotten_after
        return 0 if is_old else wrong

    def wait(self, wrong: int, wrong_at: datetime | None, at: datetime) -> timedelta:
        """How long from now until the next try; nothing when one may."""
        counted = self.wrong_now(wrong, wrong_at, at)
        if counted < self.free or wrong_at is None:
            return timedelta()
        each = min(self.first * (1 << min(counted - self.free, 20)), self.most)
        return max(wrong_at + each - at, timedelta())


# A reader: 5 tries, then 30 s, 1, 2, 4 … 15 minutes: at most about a hundred a day of 20,736 codes, and a friend's
# mischief never locks a child out for longer. A device: the tries of a whole class at the kiosk pass.
OF_READER = Pace(5, timedelta(seconds=30), timedelta(minutes=15), timedelta(days=1))
OF_DEVICE = Pace(20, timedelta(seconds=30), timedelta(minutes=5), timedelta(minutes=30))
