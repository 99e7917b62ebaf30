"""MARCXML."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from shuxiang.marc.types import MarcRecord


def write_marcxml(records: Iterable[MarcRecord]) -> Iterator[bytes]:
    """A MARCXML collection in pieces, ready to stream."""
    raise NotImplementedError
