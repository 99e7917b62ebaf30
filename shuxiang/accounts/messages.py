"""Reason codes of accounts in words."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from shuxiang.common.decisions import Reason, Refused

MESSAGES = {
    "code_unknown": _("This code opens nothing. Compare it with what was printed."),
    "code_used": _("This code has been used. Sign in with your password, or ask for a new code."),
    "code_expired": _("This code has expired. Ask for a new one."),
    "username_bad": _("A sign-in name has 1 to 60 signs and no spaces."),
    "username_taken": _("The sign-in name %(username)s is taken."),
    "role_unknown": _("There is no role %(role)s."),
    "role_taken": _("There is a role %(role)s already."),
    "permission_unknown": _("There is no permission %(permission)s."),
    "grant_place_elsewhere": _("The class or room belongs to another library than the grant."),
    "kiosk_needs_name": _("The machine needs a name of at most %(most)s signs."),
    "kiosk_name_taken": _("There is a machine called “%(name)s” already."),
    "kiosk_reset_odd": _("Give 10 to 600 seconds."),
    "kiosk_idle": _("Let the machine lend, or take back, or both."),
    "kiosk_code_unknown": _("This code opens nothing. Compare it with the screen of the librarian."),
    "grant_order": _("A grant cannot end before it begins."),
}


def speak(code: str, params: Mapping[str, object]) -> str:
    """The sentence for a reason; an unknown code is shown as it is rather than hidden."""
    if code == "password_weak":  # Django's validators bring their own sentences, translated
        given = params.get("sentences")
        return " ".join(str(each) for each in given) if isinstance(given, tuple) else ""
    sentence = MESSAGES.get(code)
    return str(sentence) % params if sentence is not None else code


def words(reason: Reason) -> str:
    return speak(reason.code, reason.params)


def sentences(refused: Refused) -> list[str]:
    """Everything that stood in the way of an act."""
    return [words(reason) for reason in refused.decision.reasons]
