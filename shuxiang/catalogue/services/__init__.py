"""The acts of the cataloguing room."""

from shuxiang.catalogue.duplicates import DuplicateFinder, Match
from shuxiang.catalogue.services.burying import bury, bury_many, merge
from shuxiang.catalogue.services.originals import OriginalValues, keep_original, keep_originals
from shuxiang.catalogue.services.saving import (
    bulk_save_records,
    find_duplicate,
    prepare,
    save_record,
    values_of,
)
from shuxiang.catalogue.values import RecordValues

__all__ = [
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
    "save_record",
    "values_of",
]
