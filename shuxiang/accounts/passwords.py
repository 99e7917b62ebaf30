"""What a password needs, in our own words: Django's are not all translated, and address the reader otherwise."""

from django.contrib.auth import password_validation as django
from django.utils.translation import gettext as _


class LongEnough(django.MinimumLengthValidator):
    """At least ten signs."""

    def get_error_message(self) -> str:
        return _("The password is too short: at least %(length)s signs.") % {"length": self.min_length}

    def get_help_text(self) -> str:
        return _("At least %(length)s signs.") % {"length": self.min_length}


class NotCommon(django.CommonPasswordValidator):
    """None that everybody tries first."""

    def get_error_message(self) -> str:
        return _("Too many people use this password. Choose another one.")

    def get_help_text(self) -> str:
        return _("Not one that everybody would guess.")


class NotTheName(django.UserAttributeSimilarityValidator):
    """Not the sign-in name with something added (wangx, wangx12345)."""

    def __init__(self) -> None:
        super().__init__(user_attributes=("username", "display_name"), max_similarity=0.6)

    def get_error_message(self) -> str:
        return _("The password is too much like the name. Choose another one.")

    def get_help_text(self) -> str:
        return _("Not the name with something added.")
