"""What was probably meant by a line that finds little: another character of the same sound, one slip of the pen."""
# ruff: noqa: S608  only names of our own are written into statements; every value is a parameter

import re
from collections.abc import Iterable

from django.db import connection

from shuxiang.common import pinyin
from shuxiang.common.text import Field, grams, parse_query, title_key
from shuxiang.common.text.query import Phrase, Prefix, Query, Term
from shuxiang.common.typed import distance, is_han, other_readings, slips
from shuxiang.holdings import searching as sql
from shuxiang.holdings.searchsuggest import Suggestion, names_something, titles_of
from shuxiang.libraries.models import Library

LONGEST = 40
TITLES = 30  # looked at for one way to have meant it
LOOKED_THROUGH = 5_000  # hits of half a line
MOST_TOPICS = 4
# What children write around the thing they look for.
_FILLERS = re.compile(r"我想看|我要看|想看|我要|想要|有没有|关于|有关|的(?:图?书)?(?=\s|$)|[?？吗呢]+$")


def did_you_mean(query: str, library: Library, limit: int = 3) -> tuple[Suggestion, ...]:
    """Titles and authors of the library that a line with few hits probably means, the likeliest first.

    Homophones (西游纪), one character or pinyin letter wrong, missing, too many or swapped with its neighbour.
    """
    plain = query.replace("\x00", "").encode(errors="replace").decode()
    key = title_key(plain)
    if not 2 <= len(key) <= LONGEST:  # no title is one edit away from so long a line that finds nothing
        return ()
    return (*_topics(plain, library), *_meant(key, library, limit))[:limit]


def _topics(query: str, library: Library) -> list[Suggestion]:
    """What a sentence is about, when the library has something on it: 三年级 恐龙的书 → 恐龙."""
    parts = [_FILLERS.sub(" ", query), *query.split()]
    bare = dict.fromkeys(" ".join(_FILLERS.sub(" ", part).split()) for part in parts)
    asked = [text for text in bare if len(text) > 1 and text != query.strip()][:MOST_TOPICS]
    scope = sql.Scope(library.pk, 1)
    found = (text for text in asked if sql.by_words(scope, parse_query(text)))
    return [Suggestion(text, "subject") for text in found][:1]


def _meant(key: str, library: Library, limit: int) -> tuple[Suggestion, ...]:
    scope = sql.Scope(library.pk, TITLES)
    if key.isascii():
        ids, people = _by_letters(scope, key), _people(slips(key), library.pk)
    else:
        sound = pinyin.by_characters(key)
        ids = list(_by_sound(scope, sound) | _by_slip(scope, key))
        named = pinyin.by_characters(key, name=True)
        people = _people((sound, named, *other_readings(sound)[:5]), library.pk)
    titles = [one for one in titles_of(ids, library.pk) if title_key(one.text) != key]
    titles.sort(key=lambda one: _far(key, title_key(one.text)))
    names = [one for one in people if title_key(one.text) != key]
    if names and len(key) <= 4:
        return (*names[:1], *titles, *names[1:])[:limit]
    return (*titles, *names)[:limit]


def _far(key: str, title: str) -> tuple[int, int]:
    """How far a title is from what was typed: whole titles before longer ones, then by edits."""
    if key.isascii():
        sound = pinyin.by_characters(title)
        return abs(len(sound) - len(key)) > 1, distance(key, sound[: len(key) + 1], 3)
    return abs(len(title) - len(key)) > 1, min(distance(key, title[: len(key) + n], 3) for n in (-1, 0, 1))


def _by_sound(scope: sql.Scope, sound: str) -> sql.Marks:
    """Titles that sound like the line, or begin so."""
    marks: sql.Marks = {}
    for way in (sound, *other_readings(sound)[:8]):
        order: sql.Sql = (f"{sql.in_bytes('r.title_pinyin')}, r.id", [])
        marks |= sql.found(scope, sql.starts_with("r.title_pinyin", way), order)
    return marks


def _by_letters(scope: sql.Scope, letters: str) -> list[int]:
    ways = slips(letters)
    marks = ", ".join(["%s"] * len(ways))
    if not ways:
        return []
    found = dict(sql.found(scope, (f"r.title_pinyin IN ({marks})", list(ways))))
    for way in ways if len(letters) > 4 and not found else ():
        found |= sql.found(scope, sql.starts_with("r.title_pinyin", way))
    return list(found)


def _by_slip(scope: sql.Scope, key: str) -> sql.Marks:
    """Titles one edit away. One slip leaves the first or the second half of the line as it is."""
    half = len(key) // 2
    first, second = key[:half], key[half:]
    patterns = _patterns(key)
    like = " OR ".join(["r.title_key LIKE %s"] * len(patterns))
    start, params = sql.starts_with("r.title_key", first[: max(half - 1, 1)])
    order: sql.Sql = (f"{sql.in_bytes('r.title_key')}, r.id", [])
    marks = sql.found(scope, (f"{start} AND ({like})", [*params, *patterns]), order)
    if len(second) > 1 or len(key) == 2:
        ids, id_params = sql.matching(Field("title", _phrase(second)))
        condition = f"r.id IN ({ids} LIMIT {LOOKED_THROUGH}) AND ({like})"
        marks |= sql.found(scope, (condition, [*id_params, *patterns]))
    return marks


def _phrase(text: str) -> Query:
    """The text wherever it stands: 游记 is the bigram 游记, whatever follows."""
    tokens = tuple(grams(text))
    if len(text) == 1 and is_han(text):
        return Prefix(text)
    if is_han(text[-1]):
        tokens = tokens[:-1]  # the last character alone is a token only at the end of a title
    return Term(tokens[0]) if len(tokens) == 1 else Phrase(tokens)


def _patterns(key: str) -> list[str]:
    """LIKE patterns of titles that begin as the key with one edit; _ stands for any sign."""
    safe = [sign for sign in key if sign not in "%_\\"]
    found = ["".join([*safe[:n], "_", *safe[n + 1 :]]) for n in range(len(safe))]
    found += ["".join([*safe[:n], "_", *safe[n:]]) for n in range(len(safe))]
    found += ["".join([*safe[:n], *safe[n + 1 :]]) for n in range(len(safe))] if len(safe) > 2 else []
    found += ["".join([*safe[:n], safe[n + 1], safe[n], *safe[n + 2 :]]) for n in range(len(safe) - 1)]
    return [f"{one}%" for one in dict.fromkeys(found) if one != key]


def _people(sounds: Iterable[str], library_id: int) -> list[Suggestion]:
    """Authors whose names sound so."""
    ways = list(dict.fromkeys(sounds))
    if not ways:
        return []
    marks = ", ".join(["%s"] * len(ways))
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT kind, text FROM catalogue_name WHERE pinyin IN ({marks}) AND kind = 'author'"
            " ORDER BY uses DESC, id LIMIT 6",
            ways,
        )
        rows = cursor.fetchall()
    return [Suggestion(text, kind) for kind, text in rows if names_something(kind, text, library_id)]
