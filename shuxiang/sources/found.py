"""A result of looking up: a record of another catalogue, whole, with the name of where it is from."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from shuxiang import marc
from shuxiang.common.text import title_key
from shuxiang.sources.rules import Looks, number_of


@dataclass(frozen=True)
class Found:
    """A record of a pack or a target. `raw` are its bytes in `encoding`; `reference` fetches it again (`fetch`).

    `source` is the name that the library gave the pack or target.
    """

    source: str
    kind: str  # pack | target
    source_id: str
    reference: str
    record: marc.MarcRecord
    profile: marc.Profile
    raw: bytes
    encoding: str
    place: tuple[int, int, int] = (0, 0, 0)

    @cached_property
    def projection(self) -> marc.Projection:
        """What the program understands of it."""
        return marc.project(self.record, self.profile)

    @cached_property
    def looks(self) -> Looks:
        """What ranking looks at."""
        projection = self.projection
        parts = (
            projection.clc, projection.authors or projection.responsibility, projection.publisher, projection.date,
            projection.prices, projection.subjects or projection.keywords, projection.summary,
        )  # fmt: skip
        return Looks(
            numbers=numbers_of(self.record, projection),
            title_key=title_key(projection.title),
            described=sum(bool(part) for part in parts),
            place=self.place,
        )


def numbers_of(record: marc.MarcRecord, projection: marc.Projection) -> frozenset[str]:
    """The numbers that a record is found by: its ISBNs, and the old 统一书号 of 091 or 024."""
    written = [isbn.raw for isbn in projection.isbns] + [
        field.get("a") for field in record.each("091", "024")
    ]
    return frozenset(number for text in written if (number := number_of(text)))
