"""Compiles the rooms' translations; used by the build (hatch_build.py) and by tools/messages.py.

Simplified Chinese is written by people. Traditional is derived from it at build time with OpenCC's s2tw:
Taiwan's standard characters, no exchange of words. (s2twp would also exchange computing words, and then 文件,
here an official paper, becomes 檔案, an archive.)
"""

from collections.abc import Iterator
from pathlib import Path

from babel.messages import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from opencc import OpenCC

SIMPLIFIED, TRADITIONAL = "zh_Hans", "zh_Hant"


def catalogues(package: Path) -> Iterator[Path]:
    """The Simplified Chinese catalogue of every room that has one."""
    yield from sorted(package.glob(f"*/locale/{SIMPLIFIED}/LC_MESSAGES/django.po"))


def read(path: Path) -> Catalog:
    """One catalogue. Raises babel's PoFileError when the file is broken."""
    with path.open("rb") as file:
        return read_po(file, locale=SIMPLIFIED, abort_invalid=True)


def traditional(catalogue: Catalog) -> Catalog:
    """The same catalogue in Traditional characters; placeholders are ASCII and stay as they are."""
    convert = OpenCC("s2tw").convert
    derived = Catalog(locale=TRADITIONAL)
    for message in catalogue:
        if message.id:
            converted = tuple(convert(text) for text in strings(message))
            string = converted if isinstance(message.id, tuple) else converted[0]
            derived.add(message.id, string, context=message.context)
    return derived


def strings(message: Message) -> tuple[str, ...]:
    """A message's translations: one, or one for each plural form."""
    return (message.string,) if isinstance(message.string, str) else tuple(message.string or ())


def compile_all(package: Path) -> int:
    """Write the compiled catalogues of both scripts beside their sources; how many rooms there are."""
    sources = list(catalogues(package))
    for path in sources:
        simplified = read(path)
        _write(simplified, path.with_suffix(".mo"))
        target = path.parents[2] / TRADITIONAL / "LC_MESSAGES" / "django.mo"
        target.parent.mkdir(parents=True, exist_ok=True)
        _write(traditional(simplified), target)
    return len(sources)


def _write(catalogue: Catalog, path: Path) -> None:
    """Whole or not at all: two test processes may compile at once."""
    draft = path.with_name(f"{path.name}.new")
    with draft.open("wb") as file:
        write_mo(file, catalogue)
    draft.replace(path)
