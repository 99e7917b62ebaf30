"""Reason codes of readers in words: what is wrong and what to do."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from shuxiang.common.decisions import Reason

MESSAGES = {
    "patron_needs_name": _("The reader needs a name."),
    "patron_name_long": _("A name has at most %(most)s signs."),
    "patron_of_other_library": _("The category or class belongs to another library than the reader."),
    "patron_left_already": _("This reader left on %(on)s."),
    "patron_left_before_joining": _("The reader only came on %(on)s: give a later day."),
    "patron_never_left": _("This reader is here; there is nothing to come back from."),
    "move_too_early": _("The reader came into the present class on %(from)s: give a later day than %(on)s."),
    "class_is_patron": _("This class is a reader already."),
    "category_not_for_class": _("“%(category)s” is not a category for classes."),
    "category_taken": _("There is a category with the code “%(code)s” already."),
    "category_kind_unknown": _("There is no kind of reader “%(kind)s”."),
    "account_linked_already": _("The account %(account)s belongs to another reader."),
    # cards and blocks
    "card_number_bad": _("“%(number)s” is no card number: 1 to 40 signs without spaces."),
    "card_number_is_identity": _("This looks like an identity number. Give the card a number of its own."),
    "card_number_taken": _("Card %(number)s belongs to %(name)s."),
    "card_number_used_before": _(
        "Card number %(number)s was %(name)s's. A number is never given again: take another one."
    ),
    "card_closed_already": _("Card %(number)s is closed already."),
    "block_needs_reason": _("Say why borrowing is stopped."),
    "block_end_is_past": _("%(on)s is past. Name today or a later day, or leave it empty."),
    # picture codes
    "pictures_bad": _("A picture code is %(length)s pictures."),
    "pictures_weak": _("This is too easy to guess: not one picture throughout, and not four in a row."),
    "pictures_wrong": _("These are not the right pictures. Try once more."),
    "pictures_wait": _("Too many wrong tries. Wait %(seconds)s seconds and try again."),
    "pictures_none": _(
        "This reader has no picture code yet. Ask the librarian or the class teacher for one."
    ),
    "codes_made_already": _("These codes were made and shown already. Make new ones if the print is lost."),
    # reconciling
    "open_card_of_left_patron": _("Card %(card)s is open, but its reader has left."),
    "several_open_cards": _("Reader %(patron)s has %(count)s open cards."),
    "card_of_other_library": _("Card %(card)s stands in another library than its reader."),
    "membership_of_left_patron": _("Reader %(patron)s has left but is still in a class."),
    "membership_after_graduation": _("Reader %(patron)s is still in a class that graduated on %(on)s."),
    "membership_elsewhere": _("Reader %(patron)s is in a class of another library."),
    "memberships_overlap": _("Reader %(patron)s was in two classes on %(on)s."),
}

# the twelve pictures of picture codes, as they stand in ui/marks.svg
PICTURES = {
    1: _("apple"),
    2: _("fish"),
    3: _("bird"),
    4: _("leaf"),
    5: _("star"),
    6: _("moon"),
    7: _("umbrella"),
    8: _("boat"),
    9: _("house"),
    10: _("kite"),
    11: _("butterfly"),
    12: _("bell"),
}


def speak(code: str, params: Mapping[str, object]) -> str:
    """The sentence for a reason; an unknown code is shown as it is rather than hidden."""
    sentence = MESSAGES.get(code)
    return str(sentence) % params if sentence is not None else code


def words(reason: Reason) -> str:
    return speak(reason.code, reason.params)
