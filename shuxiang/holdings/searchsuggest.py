"""Words to go on with: what is being typed, and what was probably meant."""

from dataclasses import dataclass

from shuxiang.libraries.models import Library


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A line to search for, and what it is: title, author or subject. It finds something in the library."""

    text: str
    kind: str
    record_id: int | None = None  # of a title: where it leads


def suggest(text: str, library: Library, limit: int = 8) -> tuple[Suggestion, ...]:
    """Titles, authors and subjects that begin with what is typed so far: characters, pinyin, initials or a mixture."""
    return ()


def did_you_mean(query: str, library: Library, limit: int = 3) -> tuple[Suggestion, ...]:
    """Titles and authors of the library that a line without hits probably means, the likeliest first."""
    return ()
