"""Acts on visits: counting, correcting, gate files, lessons, the registers, scores."""

from shuxiang.visits.services.counting import correct, count_class, press_key, set_pause, show_card
from shuxiang.visits.services.gate import take_gate_file, undo_gate_file
from shuxiang.visits.services.lessons import drop_lesson, forget_lesson, hold_lesson
from shuxiang.visits.services.registers import enter_reading, enter_visitors, remove_reading, remove_visitors
from shuxiang.visits.services.scores import (
    add_criterion,
    default_criteria,
    end_criterion,
    give_points,
    strike_points,
)

__all__ = [
    "add_criterion",
    "correct",
    "count_class",
    "default_criteria",
    "drop_lesson",
    "end_criterion",
    "enter_reading",
    "enter_visitors",
    "forget_lesson",
    "give_points",
    "hold_lesson",
    "press_key",
    "remove_reading",
    "remove_visitors",
    "set_pause",
    "show_card",
    "strike_points",
    "take_gate_file",
    "undo_gate_file",
]
