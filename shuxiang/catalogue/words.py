"""Which words of a record the full-text index holds. Pure: no database, no Django."""

from collections.abc import Mapping, Sequence

from shuxiang.common.text import index_text

FIELDS = ("title", "authors", "subjects", "publisher", "series", "letters")
SOURCES: Mapping[str, tuple[str, ...]] = {
    "title": ("title", "subtitle", "parallel_title", "volume_mark"),
    "authors": ("authors",),
    "subjects": ("subjects",),
    "publisher": ("publisher",),
    "series": ("series",),
    "letters": ("title_initials", "initials_more"),
}


NEEDED = tuple(name for names in SOURCES.values() for name in names)
_PLACES = [[NEEDED.index(name) for name in SOURCES[field]] for field in FIELDS]


def words_of_texts(texts: Sequence[str]) -> tuple[str, ...]:
    """The tokens of each of FIELDS, blanks between, from the columns NEEDED in their order.

    Phrases do not reach from the title into the subtitle.
    """
    found = [index_text(text) if text else "" for text in texts]
    return tuple([" ".join([found[place] for place in places if found[place]]) for places in _PLACES])
