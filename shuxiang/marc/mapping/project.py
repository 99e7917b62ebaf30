"""Read the columns of a record."""

from __future__ import annotations

from shuxiang.marc.mapping import cnmarc, marc21
from shuxiang.marc.mapping.projection import Projection
from shuxiang.marc.types import MarcRecord, Profile


def project(record: MarcRecord, profile: Profile) -> Projection:
    """The columns of a record as its profile has them; whatever is missing is empty, nothing raises."""
    return cnmarc.read(record) if profile == "cnmarc" else marc21.read(record)
