"""MARC records read as far as that goes without the database, in the child of imports.ahead. Pure.

Plain tuples cross the pipe: `pack` writes them in the child, `unpack` reads them in the importer.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from operator import attrgetter
from pathlib import Path
from typing import Any

from shuxiang import marc
from shuxiang.catalogue.rules import describe, prepared
from shuxiang.catalogue.values import COLUMNS, KEYS, Described, Keys, RecordValues, projection_text
from shuxiang.holdings.reading.facts import BookFacts, Said, VolumeFacts
from shuxiang.holdings.reading.marcrows import facts_of_record, format_of

_values, _keys = attrgetter(*COLUMNS), attrgetter(*KEYS)
_volume = attrgetter(*(field.name for field in fields(VolumeFacts)))


@dataclass(slots=True)
class Original:
    """A delivered record with what is kept beside it; see catalogue.models.Original."""

    format: str
    content: bytes
    profile: str
    encoding: str
    sha256: str
    projection: str


Read = tuple[BookFacts, Described, Original]


def read_record(raw: marc.RawRecord, limits: Mapping[str, int]) -> Read | None:
    """Everything one record says; None when it has no title, since the reader's language names it then."""
    facts = facts_of_record(raw)
    values = prepared(RecordValues(**facts.columns, warnings=tuple(facts.warnings)), limits)  # type: ignore[arg-type]
    if not values.title:
        return None
    sha256 = hashlib.sha256(raw.raw).hexdigest()
    projection = projection_text(values.as_projection())
    original = Original(format_of(raw.raw), raw.raw, raw.profile, raw.encoding, sha256, projection)
    return facts, describe(values), original


def rows(path: str, options: Mapping[str, Any]) -> Iterator[tuple[Any, ...]]:
    """(number, notes, problem, packed record or None, the bare record where there is none) for all in the file."""
    with Path(path).open("rb") as file:
        for item in marc.read_marc(file, encoding=options["encoding"], profile=options["profile"]):
            if isinstance(item, marc.BadRecord):
                yield item.position, (), (item.code, dict(item.params)), None, None
                continue
            notes = tuple((warning.code, dict(warning.params)) for warning in item.warnings)
            read = read_record(item, options["limits"])
            bare = None if read else (item.raw, item.encoding, item.profile)
            yield item.position, notes, None, read and pack(*read), bare


def pack(facts: BookFacts, described: Described, original: Original) -> tuple[Any, ...]:
    """A record as plain values; the columns of its facts are those of the description."""
    volumes = tuple(map(_volume, facts.volumes))
    said = tuple([(one.code, dict(one.params)) for one in facts.said])
    refusal = facts.refusal and (facts.refusal.code, dict(facts.refusal.params))
    return (
        (facts.clc, facts.call_number, facts.book_number, facts.holding_note, volumes, said, refusal),
        _values(described.values),
        _keys(described.keys),
        described.words,
        (
            original.format,
            original.content,
            original.profile,
            original.encoding,
            original.sha256,
            original.projection,
        ),
    )


def unpack(packed: tuple[Any, ...]) -> Read:
    """The same again."""
    (clc, call_number, book_number, note, volumes, said, refusal), values, keys, words, original = packed
    facts = BookFacts(
        clc=clc,
        call_number=call_number,
        book_number=book_number,
        holding_note=note,
        volumes=[VolumeFacts(*volume) for volume in volumes],
        said=[Said(*one) for one in said],
        refusal=refusal and Said(*refusal),
    )
    described = Described(RecordValues(**dict(zip(COLUMNS, values, strict=True))), Keys(*keys), words)
    return facts, described, Original(*original)
