"""Books like this one: by the same author, of the same series, on the same subjects, in the same class."""

from shuxiang.catalogue.models import BibliographicRecord
from shuxiang.libraries.models import Library


def similar(record: BibliographicRecord, library: Library, limit: int = 6) -> tuple[BibliographicRecord, ...]:
    """Other titles that the library holds: the nearest first, of these what is on the shelf now."""
    return ()
