"""Pure rules of access: what grants allow, where, and when."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from shuxiang.common.decisions import Reason, Weight

EVERYTHING = "*"


@dataclass(frozen=True, slots=True)
class GrantFacts:
    """One grant: no library means every library; a class or a room narrows it."""

    permissions: frozenset[str]
    library_id: int | None
    from_on: date
    to_on: date | None = None
    class_id: int | None = None
    room_id: int | None = None

    def holds(self, on: date) -> bool:
        """From its first day to its last, both included."""
        return self.from_on <= on and (self.to_on is None or on <= self.to_on)

    def gives(self, permission: str) -> bool:
        return permission in self.permissions or EVERYTHING in self.permissions

    def reaches(self, library_id: int | None) -> bool:
        """Whether it counts in a library; None asks about the whole installation, which one library's grant never is."""
        return self.library_id is None or self.library_id == library_id


@dataclass(frozen=True, slots=True)
class Scope:
    """How far a permission reaches inside a library: everywhere, or only in these classes and rooms."""

    everywhere: bool = False
    class_ids: frozenset[int] = frozenset()
    room_ids: frozenset[int] = frozenset()

    def __bool__(self) -> bool:
        return self.everywhere or bool(self.class_ids) or bool(self.room_ids)

    def has_class(self, class_id: int | None) -> bool:
        return self.everywhere or class_id in self.class_ids

    def has_room(self, room_id: int | None) -> bool:
        return self.everywhere or room_id in self.room_ids


def scope_of(grants: Iterable[GrantFacts], permission: str, library_id: int | None, on: date) -> Scope:
    """Add up what all grants give for one permission in one library on a day."""
    fitting = [g for g in grants if g.holds(on) and g.gives(permission) and g.reaches(library_id)]
    return Scope(
        everywhere=any(g.class_id is None and g.room_id is None for g in fitting),
        class_ids=frozenset(g.class_id for g in fitting if g.class_id is not None),
        room_ids=frozenset(g.room_id for g in fitting if g.room_id is not None),
    )


def judge_code(
    used_at: datetime | None, expires_at: datetime, at: datetime, *, reusable: bool
) -> Reason | None:
    """A one-time code opens once and until it expires."""
    if used_at is not None and not reusable:
        return Reason("code_used", Weight.REFUSE)
    return Reason("code_expired", Weight.REFUSE) if at >= expires_at else None


def judge_kiosk(name: str, reset_seconds: int) -> Reason | None:
    """A machine has a name of at most 40 signs, and forgets who stood there after 10 seconds to 10 minutes."""
    if not name.strip() or len(name.strip()) > 40:
        return Reason("kiosk_needs_name", Weight.REFUSE, {"most": 40})
    return None if 10 <= reset_seconds <= 600 else Reason("kiosk_reset_odd", Weight.REFUSE)


def judge_kiosk_name(name: str, *, taken: bool) -> Reason | None:
    """Two machines of one library are not called the same."""
    return Reason("kiosk_name_taken", Weight.REFUSE, {"name": name.strip()}) if taken else None


def judge_kiosk_acts(*, lends: bool, returns: bool) -> Reason | None:
    """A machine that neither lends nor takes back is none."""
    return None if lends or returns else Reason("kiosk_idle", Weight.REFUSE)
