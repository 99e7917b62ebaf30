"""Translations:  python -m tools.messages compile | check | extract [ROOM]

compile   write the .mo files from the rooms' zh_Hans catalogues (Traditional is derived)
check     every msgid in the source has a finished translation with the same placeholders, none is unused,
          and no two rooms translate one msgid differently: Django merges them, and the first room would win
extract   add missing msgids to the rooms' catalogues, untranslated, and drop those no longer used
"""

import ast
import io
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import cast

from babel.messages import Catalog
from babel.messages.extract import extract_python
from babel.messages.pofile import write_po
from django.utils.translation.template import templatize

from tools.catalogues import SIMPLIFIED, catalogues, compile_all, read, strings

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "shuxiang"
KEYWORDS = dict.fromkeys(
    ("_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy", "pgettext", "pgettext_lazy")
)
# tables of sentences by code, in rooms that do not know Django or translate when they show them → the context they have
WORD_TABLES = {
    "MESSAGES": None,
    "NOTES": None,
    "SKIPS": None,
    "WARNINGS": None,
    "MARC_WORDS": "marc",
}
HEADER = f"""msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"
"Language: {SIMPLIFIED}\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"

"""
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|(?<!\{)\{(\w+)\}(?!\})")
UNNAMED = re.compile(r"(?<!%)(?:%%)*%[sdrif]|(?<!\{)\{\}(?!\})")

Key = tuple[str, str | None]  # msgid (singular), context
Found = dict[Key, tuple[str | tuple[str, str], str]]  # → msgid with its plural, where


def main(words: list[str]) -> int:
    """Carry out one of the three acts."""
    acts: dict[str, Callable[..., int]] = {"compile": compile_act, "check": check_act, "extract": extract_act}
    if not words or words[0] not in acts or len(words) > (2 if words[0] == "extract" else 1):
        print(__doc__)
        return 2
    return acts[words[0]](*words[1:])


def compile_act() -> int:
    """Compile all rooms."""
    print(f"Translations of {compile_all(PACKAGE)} rooms compiled.")
    return 0


def check_act() -> int:
    """Report everything that is missing, unfinished, unused, differs in placeholders or between rooms."""
    problems = [problem for room in rooms() for problem in problems_of(room)]
    problems += disagreements(PACKAGE)
    for problem in problems:
        print(problem)
    total = sum(len(found_in(room)) for room in rooms())
    print(f"Translations: {total} sentences, {len(problems)} problems.")
    return 1 if problems else 0


def extract_act(only: str = "") -> int:
    """Bring every room's catalogue, or one room's, up to its source."""
    for room in rooms():
        if only and room.name != only:
            continue
        found = found_in(room)
        path = room / "locale" / SIMPLIFIED / "LC_MESSAGES" / "django.po"
        if not found and not path.exists():
            continue
        old = read(path) if path.exists() else Catalog(locale=SIMPLIFIED)
        new = Catalog(locale=SIMPLIFIED, project="shuxiang", fuzzy=False)
        missing = 0
        for (msgid, context), (full, place) in found.items():
            known = old.get(msgid, context)
            missing += not (known and known.string)
            kept = (strings(known) if known else ()) or (
                "",
            )  # one msgid may have got a plural since, or lost it
            new.add(full, kept if isinstance(full, tuple) else kept[0], [(place, 0)], context=context)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            file.write(HEADER.encode())
            write_po(file, new, width=110, sort_output=True, omit_header=True, include_lineno=False)
        print(f"{room.name}: {len(found)} sentences, {missing} without translation")
    return 0


def rooms() -> list[Path]:
    """Folders of the package."""
    return sorted(path for path in PACKAGE.iterdir() if path.is_dir() and path.name != "__pycache__")


def found_in(room: Path) -> Found:
    """Every msgid in a room's Python files and templates."""
    found: Found = {}
    for path in sorted([*room.rglob("*.py"), *room.rglob("templates/**/*.*")]):
        if "migrations" in path.parts or "tests" in path.parts or path.is_dir():
            continue
        place = path.relative_to(ROOT).as_posix()
        text = path.read_text(encoding="utf-8")
        for full, context in [*called(text, path), *tabled(text, path)]:
            singular = full[0] if isinstance(full, tuple) else full
            if (singular, context) not in found or isinstance(full, tuple):
                found[singular, context] = (full, place)
    return found


def called(text: str, path: Path) -> Iterator[tuple[str | tuple[str, str], str | None]]:
    """The arguments of gettext calls; a template is first turned into such calls by Django."""
    if path.suffix != ".py":
        calls = templatize(text, origin=str(path))
        text = "\n".join(line.lstrip() for line in calls.splitlines())  # indentation means nothing there
    for _line, function, messages, _comments in extract_python(io.BytesIO(text.encode()), KEYWORDS, [], {}):
        given = cast(str | tuple[str | None, ...] | None, messages)  # its stub promises less than it gives
        parts = (given,) if isinstance(given, str) else given or ()
        words = [str(word) for word in parts if word]
        context = words.pop(0) if "pgettext" in str(function) and words else None
        if words:
            plural = str(function).startswith(("ngettext", "npgettext")) and len(words) > 1
            yield ((words[0], words[1]) if plural else words[0]), context


def tabled(text: str, path: Path) -> Iterator[tuple[str, str | None]]:
    """The sentences of module-level tables named in WORD_TABLES."""
    if path.suffix != ".py":
        return
    for node in ast.parse(text).body:
        target = node.targets[0] if isinstance(node, ast.Assign) else getattr(node, "target", None)
        value = getattr(node, "value", None)
        if isinstance(target, ast.Name) and target.id in WORD_TABLES and isinstance(value, ast.Dict):
            yield from (
                (v.value, WORD_TABLES[target.id])
                for v in value.values
                if isinstance(v, ast.Constant) and isinstance(v.value, str)
            )


def problems_of(room: Path) -> Iterator[str]:
    """What keeps a room's translation from being complete."""
    found = found_in(room)
    path = room / "locale" / SIMPLIFIED / "LC_MESSAGES" / "django.po"
    kept = read(path) if path in set(catalogues(PACKAGE)) else Catalog(locale=SIMPLIFIED)
    for (msgid, context), (full, place) in found.items():
        words = full if isinstance(full, tuple) else (full,)
        if UNNAMED.search(msgid):
            yield f"{place}: {msgid!r} has a placeholder without a name"
        message = kept.get(msgid, context)
        finished = strings(message) if message else ()
        if not finished or not all(finished):
            yield f"{place}: {msgid!r} has no translation"
        elif message is not None and message.fuzzy:
            yield f"{place}: the translation of {msgid!r} is marked fuzzy"
        elif any(names(string) - names(*words) for string in finished) or names(words[-1]) - names(*finished):
            yield f"{place}: the translation of {msgid!r} has other placeholders"
    for message in kept:
        singular = message.id[0] if isinstance(message.id, tuple) else message.id
        if singular and (singular, message.context) not in found:
            yield f"{room.name}: {singular!r} is translated but no longer used"


def disagreements(package: Path) -> Iterator[str]:
    """Sentences (with their context) that the catalogues of two rooms translate differently."""
    said: dict[Key, dict[str, str]] = {}  # → translation → the first room that has it
    for path in catalogues(package):
        for message in read(path):
            singular = str(message.id[0] if isinstance(message.id, tuple) else message.id)
            finished = " / ".join(strings(message))
            if singular and finished:
                words = said.setdefault((singular, message.context), {})
                words.setdefault(finished, path.relative_to(package).parts[0])
    for (msgid, context), words in said.items():
        if len(words) > 1:
            which = f"{msgid!r} ({context})" if context else repr(msgid)
            each = ", ".join(f"“{finished}” in {room}" for finished, room in words.items())
            yield f"{which} is translated differently: {each}"


def names(*texts: str) -> set[str]:
    """Names of the placeholders in these texts."""
    return {match[1] or match[2] for text in texts for match in PLACEHOLDER.finditer(text)}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
