"""ISO 2709."""

from __future__ import annotations

from shuxiang.marc.types import MarcRecord


def write_iso2709(record: MarcRecord, encoding: str = "utf-8") -> bytes:
    """One ISO 2709 record."""
    raise NotImplementedError
