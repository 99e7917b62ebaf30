"""How this room says no."""

from shuxiang.common.decisions import Decision, Reason, Refused, Weight


def refuse(code: str, **params: object) -> Refused:
    """The exception for one refusal."""
    return Refused(Decision.of([Reason(code, Weight.REFUSE, params)]))
