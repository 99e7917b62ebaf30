"""The acts of the cataloguing room."""

from shuxiang.catalogue.duplicates import DuplicateFinder, Match
from shuxiang.catalogue.services.burying import bury, bury_many
from shuxiang.catalogue.services.marc_editing import MarcNow, marc_now, save_marc
from shuxiang.catalogue.services.merging import merge, part
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
from shuxiang.catalogue.services.undoing import undo_edit
from shuxiang.catalogue.values import Described, RecordValues, projection_text

__all__ = [
    "LIMITS",
    "Described",
    "DuplicateFinder",
    "MarcNow",
    "Match",
    "OriginalValues",
    "RecordValues",
    "bulk_save_records",
    "bury",
    "bury_many",
    "find_duplicate",
    "keep_original",
    "keep_originals",
    "marc_now",
    "merge",
    "part",
    "prepare",
    "projection_text",
    "save_marc",
    "save_record",
    "undo_edit",
    "values_of",
    "write_records",
]
