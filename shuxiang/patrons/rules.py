"""Pure rules about readers: may this card number, name, membership be?"""

import re
from datetime import date

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
