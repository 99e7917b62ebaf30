"""Acts on the turn of the school year and on clearance."""

from shuxiang.enrolment.services.clearing import Cleared, clear, undo_clearance
from shuxiang.enrolment.services.drafting import (
    answer,
    answer_rest,
    begin_opening,
    bring_list,
    choose_class,
    choose_pupils,
    discard,
    drop_list,
)
from shuxiang.enrolment.services.running import start
from shuxiang.enrolment.services.undoing import take_back

__all__ = [
    "Cleared",
    "answer",
    "answer_rest",
    "begin_opening",
    "bring_list",
    "choose_class",
    "choose_pupils",
    "clear",
    "discard",
    "drop_list",
    "start",
    "take_back",
    "undo_clearance",
]
