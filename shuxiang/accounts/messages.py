"""Reasons of this room in words."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from shuxiang.common.decisions import Reason, Refused


def sentence(reason: Reason) -> str:
    """A reason in the reader's language."""
    if reason.code == "password_weak":
        sentences = reason.params.get("sentences", ())
        return " ".join(str(each) for each in sentences) if isinstance(sentences, tuple) else ""
    return _words(reason.params).get(reason.code, reason.code)


def sentences(refused: Refused) -> list[str]:
    return [sentence(reason) for reason in refused.decision.reasons]


def _words(params: Mapping[str, object]) -> dict[str, str]:
    def say(text: str) -> str:
        return text.format_map({key: params.get(key, "") for key in ("username", "role", "permission")})

    return {
        "code_unknown": _("This code opens nothing. Compare it with what was printed."),
        "code_used": _("This code has been used. Sign in with your password, or ask for a new code."),
        "code_expired": _("This code has expired. Ask for a new one."),
        "username_bad": _("A sign-in name has 1 to 60 signs and no spaces."),
        "username_taken": say(_("The sign-in name {username} is taken.")),
        "role_unknown": say(_("There is no role {role}.")),
        "role_taken": say(_("There is a role {role} already.")),
        "permission_unknown": say(_("There is no permission {permission}.")),
        "grant_place_elsewhere": _("The class or room belongs to another library than the grant."),
        "grant_order": _("A grant cannot end before it begins."),
    }
