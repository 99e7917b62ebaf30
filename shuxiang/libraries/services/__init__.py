"""Acts on the ground: libraries and rooms, terms and days, classes, enrolment, the rotation table."""

from shuxiang.libraries.services.calendar import remove_special_days, set_hours, set_special_days, set_term
from shuxiang.libraries.services.classes import (
    close_class,
    count_enrolment,
    find_or_open,
    graduate,
    open_class,
    open_school_year,
    rename_class,
    reopen,
)
from shuxiang.libraries.services.founding import add_room, add_stage, create_library, set_standard
from shuxiang.libraries.services.timetable import clear_slot, set_slot

__all__ = [
    "add_room",
    "add_stage",
    "clear_slot",
    "close_class",
    "count_enrolment",
    "create_library",
    "find_or_open",
    "graduate",
    "open_class",
    "open_school_year",
    "remove_special_days",
    "rename_class",
    "reopen",
    "set_hours",
    "set_slot",
    "set_special_days",
    "set_standard",
    "set_term",
]
