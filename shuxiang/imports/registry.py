"""Which importers there are: each room registers its own when it starts, so this room knows none of them."""

from collections.abc import Mapping

from shuxiang.imports.shapes import Importer

_importers: dict[str, Importer] = {}
_words: dict[str, str] = {}


def register(importer: Importer, words: Mapping[str, str]) -> None:
    """Make a kind importable; `words` are the sentences (lazy translations) for the codes in its notes."""
    _importers[importer.kind] = importer
    _words.update(words)


def get(kind: str) -> Importer:
    """The importer of that kind. Raises KeyError."""
    return _importers[kind]


def kinds() -> tuple[str, ...]:
    return tuple(sorted(_importers))


def words(code: str) -> str | None:
    return _words.get(code)
