"""Reason codes of the ground in words: what is wrong and what to do."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from shuxiang.common.decisions import Reason

MESSAGES = {
    # founding
    "library_code_bad": _(
        "The code “%(code)s” will not do: 1 to 20 letters A–Z, digits and hyphens, beginning with a letter or digit."
    ),
    "library_code_taken": _("There is a library with the code “%(code)s” already."),
    "library_needs_name": _("The library needs a name."),
    "library_kind_unknown": _("There is no kind of library “%(kind)s”."),
    "stage_grades_bad": _(
        "Grades %(first)s to %(last)s: a stage has at least one year, between grade 1 and grade 12."
    ),
    "stage_overlaps": _("These grades belong to “%(other)s” already."),
    # terms and days
    "term_order": _(
        "The days of %(code)s are out of order: the period contains the teaching weeks, and each begins before it ends."
    ),
    "term_far": _(
        "%(code)s usually runs from %(from)s to %(to)s. These days are too far from that: check the year."
    ),
    "term_takes_teaching": _("%(code)s would run into the teaching weeks of %(other)s. Change those first."),
    "term_gap": _(
        "Days would belong to no term between %(ends)s and %(starts)s. Move the border of %(other)s along?"
    ),
    "term_overlap": _(
        "%(code)s and %(other)s would share days: one ends on %(ends)s, the next begins on %(starts)s."
        " Move the border of %(other)s along?"
    ),
    "recall_outside": _("The recall date %(recall)s is not in the term."),
    "days_order": _("The last day (%(to)s) is before the first (%(from)s)."),
    "hours_bad": _(
        "Weekday %(weekday)s, %(opens)s to %(closes)s: closing comes after opening, and a week has 7 days."
    ),
    # classes
    "class_needs_label": _("The class needs a label."),
    "class_exists": _("The class “%(label)s” that entered in %(entry_year)s exists already."),
    "class_ended": _("The class “%(label)s” ended on %(on)s."),
    "class_label_unclear": _("“%(label)s” is not the name of a class."),
    "class_grade_needed": _("“%(label)s” does not say its grade. Say which grade it was in %(school_year)s."),
    "class_no_such_grade": _("“%(label)s” is grade %(grade)s, and this school has no such grade."),
    "class_of_other_library": _("The class “%(label)s” belongs to another library."),
    "stage_of_other_library": _("“%(stage)s” belongs to another library."),
    "count_bad": _("%(count)s cannot be counted: a class has pupils, 0 or more."),
    "graduation_day_outside": _("%(on)s is not a day of the school year %(school_year)s."),
    # rotation table
    "slot_order": _("The time ends (%(ends)s) before it begins (%(starts)s)."),
    "slot_weekday": _("A week has the days 1 to 7, not %(weekday)s."),
    "slot_readers_twice": _("The same class or grade has another place in the table at that time."),
    "slot_room_closed": _("The room cannot be closed and in use at the same time."),
    "slot_room_shared": _("Another class has the room at the same time."),
    "slot_room_taken": _("%(room)s has %(others)s at that time already. Put %(who)s beside them?"),
    "slot_too_many": _("%(pupils)s pupils would be in %(room)s, which has %(seats)s seats."),
    "slot_outside_hours": _("%(room)s is not open from %(starts)s to %(ends)s on that day."),
    "slot_grade_too": _("At that time %(other)s is in another room, and %(who)s belongs together with it."),
    "slot_valid_order": _("The last day is before the first."),
    "rotation_undo_unknown": _("There is no such change of the rotation table."),
    "rotation_changed_since": _("The rotation table has changed since: that cannot be undone any more."),
    "room_needs_name": _("The room needs a name."),
    "room_code_bad": _("The short name “%(code)s” will not do: 1 to 20 letters, digits or hyphens."),
    "room_number_bad": _("“%(text)s” is no number of seats: write a whole number, or leave it empty."),
    "grid_no_days": _("The sheet has no row with the weekdays (周一, 周二 …)."),
    "grid_no_time": _("Row %(row)s has no time like 11:30-12:30 at its beginning: %(text)s"),
    "grid_too_large": _("The sheet has %(text)s cells: that is no rotation table."),
    "grid_no_class": _("Row %(row)s, column %(column)s: there is no class or grade “%(text)s” then."),
    "slot_class_or_grade": _("Give a class or a grade, not both."),
    "slot_of_other_library": _("The room or the class belongs to another library."),
    "reader_of_other_class": _("This reader is in %(class)s, not in the class that is served now."),
    "reader_without_class": _("This reader is in no class."),
    "turn_of_others": _("By the rotation table it is not the turn of %(class)s now."),
    # reconciling
    "terms_leave_gap": _("Between %(code)s and %(other)s days belong to no term."),
    "terms_overlap": _("%(code)s and %(other)s share days."),
    "class_in_foreign_stage": _("Class %(class)s stands in a stage of another library."),
    "count_of_foreign_class": _("A count of %(on)s belongs to a class of another library."),
}


def speak(code: str, params: Mapping[str, object]) -> str:
    """The sentence for a reason; an unknown code is shown as it is rather than hidden."""
    sentence = MESSAGES.get(code)
    return str(sentence) % params if sentence is not None else code


def words(reason: Reason) -> str:
    return speak(reason.code, reason.params)
