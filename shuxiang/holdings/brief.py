"""What an act leaves unread of a volume and its title.

A record has nearly fifty columns, and an act reads it up to six times: to fetch and convert them all takes longer than to
find the row. What is left out here is still there for who asks: Django reads it then, by a question of its own.
"""

RECORD = (
    "uuid", "parallel_title", "place", "edition", "extent", "size", "series", "issn", "price_text", "clc_edition",
    "subjects", "summary", "language", "audience", "is_pinyin_annotated", "is_picture_book", "is_complete",
    "part_number", "warnings", "title_key", "match_key", "title_pinyin", "title_initials", "initials_more",
    "title_sort", "created_by_library", "created_at", "modified_at",
)  # fmt: skip
HOLDING = ("uuid", "auxiliary", "call_number_sort", "note", "facets", "created_at", "modified_at")
ITEM = ("uuid", "note", "created_at", "modified_at")


def title(path: str) -> tuple[str, ...]:
    """Names for `defer()`; `path` leads to the record."""
    return tuple(f"{path}__{name}" for name in RECORD)


def volume(path: str = "") -> tuple[str, ...]:
    """The same for a volume with its holding and record; `path` leads to the item, an empty one is the item itself."""
    begin = f"{path}__" if path else ""
    holding = f"{begin}holding"
    own = (f"{begin}{name}" for name in ITEM)
    return (*own, *(f"{holding}__{name}" for name in HOLDING), *title(f"{holding}__record"))
