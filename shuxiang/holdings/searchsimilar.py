"""Books like this one: of the same series, by the same author, on the same subjects, in the same class."""

from collections import Counter
from collections.abc import Collection

from shuxiang.audit.prepared import Question
from shuxiang.catalogue.models import BibliographicRecord
from shuxiang.common.text import Field, is_empty, parse_query, people_of, subjects_of
from shuxiang.holdings.models import Holding
from shuxiang.holdings.searching import Scope, by_words
from shuxiang.libraries.models import Library

SERIES, AUTHOR, SUBJECT, CLASS = 4, 3, 2, 1  # what a likeness weighs
LOOKED_AT = 100  # titles of one likeness
PEOPLE, SUBJECTS = 2, 3  # asked for, the first that the record names


def similar(record: BibliographicRecord, library: Library, limit: int = 6) -> tuple[BibliographicRecord, ...]:
    """Other titles that the library holds: the nearest first, of these what is on the shelf now, what is lent most."""
    scores: Counter[int] = Counter()
    likenesses = [
        *(("author", name, AUTHOR) for name in people_of(record.authors)[:PEOPLE]),
        *(("subject", name, SUBJECT) for name in subjects_of(record.subjects)[:SUBJECTS]),
        *(("series", name, SERIES) for name in (record.series,) if name),
    ]
    for name, text, weight in likenesses:
        ast = parse_query('"' + text.replace('"', " ") + '"')
        if not is_empty(ast):
            for key in by_words(Scope(library.pk, LOOKED_AT), Field(name, ast)):
                scores[key] += weight
    for key in _same_class(record, library):
        scores[key] += CLASS
    scores.pop(record.pk, None)
    order: dict[int, tuple[int, bool, int, int]] = {}
    for key, on_shelf, lent in _HELD.all(library=library.pk, records=_padded(scores)) if scores else ():
        here = (-scores[key], on_shelf <= 0, -lent, key)
        order[key] = min(order.get(key, here), here)
    nearest = sorted(order, key=lambda key: order[key])
    looked_at = _RECORDS.all(keys=tuple(nearest[: limit * 2])) if nearest else []
    records = {record.pk: record for record in looked_at}
    shown: dict[str, BibliographicRecord] = {record.title_key: record}
    for key in nearest:
        if key in records:
            shown.setdefault(records[key].title_key, records[key])  # another edition is no other book
    return tuple(shown.values())[1 : limit + 1]


def _same_class(record: BibliographicRecord, library: Library) -> set[int]:
    found: set[int] = set()
    for group, clc in _CLASSES.all(library=library.pk, record=record.pk):
        found.update(_NUMBERED.all(library=library.pk, group=group, clc=clc))
    return found


def _padded(keys: Collection[int]) -> tuple[int, ...]:
    """The keys, the last one repeated: a question is composed for each length, so there are to be few lengths."""
    some = tuple(keys)
    return some + some[-1:] * (-len(some) % LOOKED_AT)


_HELD = Question(
    lambda library, records: (
        Holding.objects.filter(library=library, record__id__in=records)
        .exclude(facets="")
        .values_list("record_id", "on_shelf", "times_lent")
    )
)
_RECORDS = Question(lambda keys: BibliographicRecord.objects.filter(pk__in=keys))
_CLASSES = Question(
    lambda library, record: (
        Holding.objects.filter(library=library, record=record).exclude(clc="").values_list("group_id", "clc")
    )
)
_NUMBERED = Question(
    lambda library, group, clc: Holding.objects.filter(
        library=library, group=group, clc=clc, book_number__isnull=False
    ).values_list("record_id", flat=True)[:LOOKED_AT]
)
