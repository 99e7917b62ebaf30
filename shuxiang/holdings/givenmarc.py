"""Records as they are given to other catalogues: found by a ready question, in MARC, without anything of the volumes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from shuxiang import marc
from shuxiang.catalogue.models import BibliographicRecord
from shuxiang.catalogue.services.marc_editing import marc_now
from shuxiang.common.text import Query, is_empty
from shuxiang.holdings.models import Holding
from shuxiang.holdings.searching import Scope, Sql, by_words, found
from shuxiang.libraries.models import Library

CAP = 10_000
# Fields of the owner's: call numbers and barcodes, prices paid, who catalogued. 9xx is local in both profiles.
LOCAL_TAGS = frozenset({"852", "876", "541", "561", "583"})
_HELD: Sql = (" AND h.facets IS NOT NULL AND NOT h.facets = ''", [])


@dataclass(frozen=True, slots=True)
class Given:
    """A record in MARC: its key, the record, and the profile it is in."""

    pk: int
    record: marc.MarcRecord
    profile: marc.Profile


def ids_of(asked: Query, library: Library | None) -> tuple[int, ...]:
    """The keys of the records held by the library (or by any) that a question finds, at most CAP, in rising order."""
    if is_empty(asked):
        return ()
    scope = Scope(library.pk, CAP) if library else Scope(None, CAP, _HELD)
    return tuple(sorted(by_words(scope, asked)))


def with_key(pk: int, library: Library | None) -> tuple[int, ...]:
    """The key itself when a record that is held has it."""
    if not 0 < pk < 2**63:
        return ()
    scope = Scope(library.pk, 1) if library else Scope(None, 1, _HELD)
    return tuple(found(scope, ("r.id = %s", [pk])))


def given(ids: Sequence[int], library: Library | None, profile: marc.Profile) -> list[Given]:
    """These records in MARC of that profile, in this order; one converted from the other profile keeps its columns only."""
    records = BibliographicRecord.objects.select_related("parent").in_bulk(list(ids))
    owners = _owners(ids) if library is None else {}
    result = []
    for key in ids:
        owner = library or owners.get(key)
        if key in records and owner is not None:
            result.append(Given(key, _public(records[key], owner, profile), profile))
    return result


def _owners(ids: Sequence[int]) -> dict[int, Library]:
    rows = Holding.objects.filter(record__in=list(ids)).select_related("library").order_by("-pk")
    return {row.record_id: row.library for row in rows}


def _public(record: BibliographicRecord, library: Library, profile: marc.Profile) -> marc.MarcRecord:
    now = marc_now(record, library, profile=profile)
    made = now.record
    if now.profile != profile:
        made = marc.build_record(marc.project(now.record, now.profile), profile)
    fields = [one for one in made.fields if not one.tag.startswith("9") and one.tag not in LOCAL_TAGS]
    number = marc.Field("001", data=str(record.pk))
    return marc.MarcRecord(made.leader, (number, *(one for one in fields if one.tag != "001")))
