"""How a reader is named in public, and how often somebody was urged."""

MANY = 3  # from the third time on it is shown apart: a slip does not help any more


def masked(name: str) -> str:
    """A name for a wall: its first sign and a star, 张* for 张三, 阿* for 阿依努尔·买买提."""
    plain = name.strip()
    return f"{plain[0]}*" if plain else ""


def is_often(times: int) -> bool:
    return times >= MANY
