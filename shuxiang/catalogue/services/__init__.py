"""The acts of the cataloguing room."""

from shuxiang.catalogue.duplicates import DuplicateFinder, Match
from shuxiang.catalogue.services.burying import bury, bury_many, merge
from shuxiang.catalogue.services.originals import OriginalValues, keep_original, keep_originals
from shuxiang.catalogue.services.saving import (
    LIMITS,
    bulk_save_records,
    find_duplicate,
    prepare,
    save_record,
    values_of,
    write_records,
)
from shuxiang.catalogue.values import Described, RecordValues, projection_text

__all__ = [
    "LIMITS",
    "Described",
    "DuplicateFinder",
    "Match",
    "OriginalValues",
    "RecordValues",
    "bulk_save_records",
    "bury",
    "bury_many",
    "find_duplicate",
    "keep_original",
    "keep_originals",
    "merge",
    "prepare",
    "projection_text",
    "save_record",
    "values_of",
    "write_records",
]
