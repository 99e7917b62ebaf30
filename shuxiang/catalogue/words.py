"""Which words of a record the full-text index holds. Pure: no database, no Django."""

from collections.abc import Callable, Mapping

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


def words_of_columns(column: Callable[[str], str]) -> tuple[str, ...]:
    """The tokens of each of FIELDS, blanks between; phrases do not reach from the title into the subtitle."""
    return tuple(
        " ".join(filter(None, [index_text(text) for name in SOURCES[field] if (text := column(name))]))
        for field in FIELDS
    )
