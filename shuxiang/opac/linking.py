"""Words of a description that lead to more of the same: people, subjects. Pure functions, but for the addresses."""

import re

from shuxiang.catalogue.citation import makers
from shuxiang.opac.face import Face

_HEADINGS = re.compile(r"\s*[;；]\s*")
_SUBDIVISIONS = re.compile(r"\s*(?:--|—{2}|－－)\s*")
_DATES = re.compile(r"\s*[(（].*$")  # 贝多芬 (Beethoven, Ludwig van 1770-1827)


def people(statement: str, face: Face) -> list[tuple[str, str]]:
    """A statement of responsibility in pieces, (text, address): the names lead somewhere, what is between does not."""
    pieces: list[tuple[str, str]] = []
    rest = statement
    for name in (name for group in makers(statement) for name in group.names):
        before, found, after = rest.partition(name)
        if not found:
            continue
        pieces += [(before, "")] if before else []
        pieces.append((name, face.find_in("作者", name)))
        rest = after
    return [*pieces, (rest, "")] if rest else pieces


def subjects(text: str, face: Face) -> list[list[tuple[str, str]]]:
    """Each heading as its parts, (words, address): 长篇小说 -- 法国 -- 近代 is three."""
    headings = (
        [part for part in _SUBDIVISIONS.split(heading) if part] for heading in _HEADINGS.split(text.strip())
    )
    return [
        [(part, face.find_in("主题", _DATES.sub("", part) or part)) for part in parts]
        for parts in headings
        if parts
    ]
