"""Who does an act, as text that outlives the account."""

from dataclasses import dataclass

DOORS = frozenset({"desk", "kiosk", "opac", "api", "cli", "import", "sip2", "demo", "system"})


@dataclass(frozen=True, slots=True)
class Actor:
    """A name and the door it came through; `account_id` only when somebody was signed in."""

    name: str
    door: str
    account_id: int | None = None

    def __post_init__(self) -> None:
        if self.door not in DOORS:
            raise ValueError(f"no such door: {self.door}")
        if not self.name.strip():
            raise ValueError("an actor needs a name")

    def __str__(self) -> str:
        return f"{self.name} via {self.door}"
