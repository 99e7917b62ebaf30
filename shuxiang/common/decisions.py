"""What a rule answers: every reason at once, each with a weight."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum


class Weight(IntEnum):
    """How heavy a reason is; the heaviest sorts first."""

    REFUSE = 1
    ASK = 2
    NOTE = 3


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason, told apart by its code; the room's messages.py turns code and params into words."""

    code: str
    weight: Weight
    params: Mapping[str, object] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class Decision:
    """All reasons for or against one act: the heaviest first, otherwise in the order of the rules."""

    reasons: tuple[Reason, ...] = ()

    @classmethod
    def of(cls, reasons: Iterable[Reason | None]) -> "Decision":
        """Collect what the rules returned; None means that a rule had nothing to say."""
        given = [reason for reason in reasons if reason is not None]
        return cls(tuple(sorted(given, key=lambda reason: reason.weight)))

    def _weighing(self, weight: Weight) -> tuple[Reason, ...]:
        return tuple(reason for reason in self.reasons if reason.weight is weight)

    @property
    def refused(self) -> tuple[Reason, ...]:
        return self._weighing(Weight.REFUSE)

    @property
    def asks(self) -> tuple[Reason, ...]:
        return self._weighing(Weight.ASK)

    @property
    def notes(self) -> tuple[Reason, ...]:
        return self._weighing(Weight.NOTE)

    def blocking(self, confirmed: Iterable[str] = frozenset()) -> tuple[Reason, ...]:
        """Every refusal, and every question whose code has not been confirmed."""
        answered = frozenset(confirmed)
        return self.refused + tuple(reason for reason in self.asks if reason.code not in answered)

    def allowed(self, confirmed: Iterable[str] = frozenset()) -> bool:
        """Whether the act may go ahead; a refusal cannot be confirmed away."""
        return not self.blocking(confirmed)

    def enforce(self, confirmed: Iterable[str] = frozenset()) -> None:
        """Raise Refused, naming everything that stands in the way; otherwise return."""
        blocking = self.blocking(confirmed)
        if blocking:
            raise Refused(Decision(blocking))


class Refused(Exception):
    """An act was not done; `decision` holds exactly the reasons that stood in the way."""

    def __init__(self, decision: Decision) -> None:
        super().__init__(", ".join(reason.code for reason in decision.reasons))
        self.decision = decision

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(reason.code for reason in self.decision.reasons)
