"""ISO 2709 (GB/T 2901): cutting a stream into records, records into fields, and writing them.

A record is: leader of 24 bytes, a directory of 12 bytes a field (tag, length, start), then the fields, each ended by
1E, and 1D. Lengths count bytes, but some writers count characters; so the directory is only believed where every entry
ends at a 1E, and otherwise the fields are told apart by their end marks and named in the order of the directory.
"""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Iterable, Iterator

from shuxiang.marc import encoding as encodings
from shuxiang.marc.fields import clean, clean_leader, field_from_text, field_to_text
from shuxiang.marc.profiles import detect_profile
from shuxiang.marc.types import BadRecord, Field, MarcRecord, MarcWarning

FIELD_END, RECORD_END, DELIMITER = b"\x1e", b"\x1d", b"\x1f"
MAX_RECORD, MAX_FIELD = 99_999, 9_999
# A record that has not ended by here never will: the file is something else or damaged.
LIMIT = 16_000_000
_PADDING = b"\r\n\x00\x1a\t"
_ALIGN_LIMIT = 100_000
_MAX_PIECES = 4
_LEADER_START = re.compile(rb"\s*\d{5}")


def split_records(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Cut a stream at the record ends, each kept with its end mark; padding between records is dropped.

    A 1D inside a record is kept there when the length in the leader says so. The last piece may lack its mark.
    """
    held = b""
    for piece in _pieces(chunks):
        if held:
            if _goes_on(held, piece):
                held += piece
                continue
            yield held
        held = _without_padding(piece)
    if held:
        yield held


def _pieces(chunks: Iterable[bytes]) -> Iterator[bytes]:
    tail: list[bytes] = []
    size = 0
    for chunk in chunks:
        *ended, rest = chunk.split(RECORD_END)
        for part in ended:
            yield b"".join(tail) + part + RECORD_END
            tail, size = [], 0
        tail.append(rest)
        size += len(rest)
        if size > LIMIT:
            yield b"".join(tail)
            tail, size = [], 0
    if rest := b"".join(tail):
        yield rest


def _without_padding(piece: bytes) -> bytes:
    """A piece without the line breaks and blanks that some writers put between records."""
    piece = piece.lstrip(_PADDING).removeprefix(b"\xef\xbb\xbf")
    bare = piece.lstrip(_PADDING + b" ")
    return bare if not bare or bare[:5].isdigit() else piece


def _goes_on(held: bytes, piece: bytes) -> bool:
    """Whether a piece belongs to the record before it, by the length that record claims."""
    if not held[:5].isdigit() or _LEADER_START.match(piece):
        return False
    return int(held[:5]) == len(held) + len(piece)


def parse_record(
    raw: bytes, encoding: str, position: int
) -> tuple[MarcRecord, list[MarcWarning]] | BadRecord:
    """The record in these bytes, with what was odd about it, or why there is none."""
    problem = _unreadable(raw)
    if problem:
        return BadRecord(position, raw, *problem)
    end = raw.find(FIELD_END, 24)
    directory = raw[24:end]
    chunks = raw[end + 1 :].removesuffix(RECORD_END).split(FIELD_END)
    if not chunks[-1].strip():
        chunks.pop()
    warnings = _length_warnings(raw)
    tags = _tags_if_exact(directory, chunks)
    if tags is None:
        pairs, odd = _repair(directory, raw[end + 1 :], chunks, encoding)
        warnings += odd
    else:
        pairs = list(zip(tags, chunks, strict=True))
    if not pairs:
        return BadRecord(position, raw, "directory_unreadable" if chunks else "no_fields")
    leader = raw[:24].decode("ascii", "replace").replace("\ufffd", " ")
    fields = _fields(pairs, encoding, warnings)
    return MarcRecord(clean_leader(leader, warnings), fields), warnings


def _unreadable(raw: bytes) -> tuple[str, dict[str, str | int]] | None:
    if len(raw) > LIMIT:
        return "record_endless", {"limit": LIMIT}
    if len(raw) < 26:
        return "record_too_short", {"length": len(raw)}
    if FIELD_END not in raw[24:]:
        return "directory_unreadable", {}
    return None


def _length_warnings(raw: bytes) -> list[MarcWarning]:
    warnings = []
    if raw[-1:] != RECORD_END:
        warnings.append(MarcWarning("end_mark_missing"))
    if len(raw) > MAX_RECORD:
        warnings.append(MarcWarning("record_too_long", {"length": len(raw)}))
    elif raw[:5].isdigit() and int(raw[:5]) != len(raw):
        warnings.append(MarcWarning("record_length_wrong", {"declared": int(raw[:5]), "actual": len(raw)}))
    return warnings


def _tags_if_exact(directory: bytes, chunks: list[bytes]) -> list[bytes] | None:
    """The tags when the directory lists exactly these fields in this order, else None."""
    if len(directory) != 12 * len(chunks):
        return None
    tags = []
    start = at = 0
    for chunk in chunks:
        length = len(chunk) + 1
        if directory[at + 3 : at + 12] != b"%04d%05d" % (length, start):
            return None
        tags.append(directory[at : at + 3])
        start += length
        at += 12
    return tags


def _repair(
    directory: bytes, body: bytes, chunks: list[bytes], encoding: str
) -> tuple[list[tuple[bytes, bytes]], list[MarcWarning]]:
    """Tags with their fields from a directory that is out of order, or wrong."""
    entries = [directory[at : at + 12] for at in range(0, len(directory) - 2, 12)]
    in_order = _by_directory(entries, body)
    if in_order is not None and len(in_order) == len(chunks):
        return in_order, []
    unbroken = [chunk.replace(b"\r", b"").replace(b"\n", b"") for chunk in chunks]
    plain = directory.replace(b"\r", b"").replace(b"\n", b"")
    if unbroken != chunks and (tags := _tags_if_exact(plain, unbroken)) is not None:
        return list(zip(tags, unbroken, strict=True)), [MarcWarning("line_breaks_removed")]
    warnings = [MarcWarning("directory_ignored")]
    if len(entries) != len(chunks):
        warnings = [MarcWarning("directory_short", {"listed": len(entries), "found": len(chunks)})]
        chunks = _aligned(entries, chunks, encoding)
    return [(entry[:3], chunk) for entry, chunk in zip(entries, chunks, strict=False) if chunk], warnings


def _by_directory(entries: list[bytes], body: bytes) -> list[tuple[bytes, bytes]] | None:
    """The fields where the directory says they are, or None when any is not a whole field."""
    pairs = []
    for entry in entries:
        if len(entry) != 12 or not entry[3:].isdigit():
            return None
        start, length = int(entry[7:]), int(entry[3:7])
        if body[start + length - 1 : start + length] != FIELD_END or (start and body[start - 1] != 0x1E):
            return None
        chunk = body[start : start + length - 1]
        if FIELD_END in chunk:
            return None
        pairs.append((entry[:3], chunk))
    return pairs


def _aligned(entries: list[bytes], chunks: list[bytes], encoding: str) -> list[bytes]:
    """One piece for each entry, where stray end marks or missing fields make their numbers differ.

    An entry may take none or several neighbouring pieces; of all ways the one that departs least from the declared
    lengths is taken, whether those count bytes or characters, and what follows a stray mark goes back to its field.
    """
    if len(entries) * len(chunks) > _ALIGN_LIMIT:
        return chunks
    declared = [int(entry[3:7]) if entry[3:7].isdigit() else 0 for entry in entries]
    in_bytes = [len(chunk) + 1 for chunk in chunks]
    in_characters = [len(encodings.decode(chunk, encoding)[0]) + 1 for chunk in chunks]
    _, counts = min(_fit(declared, in_bytes), _fit(declared, in_characters))
    ends = [0, *itertools.accumulate(counts)]
    return [_rejoined(chunks[start:end]) for start, end in itertools.pairwise(ends)]


def _fit(declared: list[int], lengths: list[int]) -> tuple[float, list[int]]:
    """How many of the pieces in turn each entry takes at best, and how far that departs from the declared lengths."""
    ends = [0, *itertools.accumulate(lengths)]
    # best[j]: the least departure with the first j pieces used by the entries so far; took[i][j]: by how many last.
    best: list[float] = [0.0] + [math.inf] * len(lengths)
    took: list[list[int]] = []
    for length in declared:
        ways = [
            min(
                (best[j - k] + abs(length - (ends[j] - ends[j - k])), k)
                for k in range(min(j, _MAX_PIECES) + 1)
            )
            for j in range(len(ends))
        ]
        best = [cost for cost, _ in ways]
        took.append([count for _, count in ways])
    j = max(at for at, cost in enumerate(best) if cost < math.inf)
    cost = best[j] + ends[-1] - ends[j]
    counts: list[int] = []
    for row in reversed(took):
        counts.append(row[j])
        j -= row[j]
    return cost, counts[::-1]


def _rejoined(pieces: list[bytes]) -> bytes:
    """Pieces of one field, without the blank indicators that a writer put after a stray end mark."""
    head, *rest = pieces or [b""]
    return head + b"".join(piece[2:] if piece[2:3] == DELIMITER else piece for piece in rest)


def _fields(
    pairs: list[tuple[bytes, bytes]], encoding: str, warnings: list[MarcWarning]
) -> tuple[Field, ...]:
    """Decode the fields all at once where that is safe, one by one where a character is broken."""
    joined = b"\x1e".join([chunk for _, chunk in pairs])
    if encoding != encodings.MARC8 or (joined.isascii() and b"\x1b" not in joined):
        try:
            text = joined.decode("ascii" if encoding == encodings.MARC8 else encoding)
            texts = clean(text, warnings).split("\x1e")
        except UnicodeDecodeError:
            texts = []
        if len(texts) == len(pairs):
            return tuple(
                field_from_text(tag.decode("latin-1"), text, warnings)
                for (tag, _), text in zip(pairs, texts, strict=True)
            )
    fields = []
    lost = 0
    for tag, chunk in pairs:
        text, broken = encodings.decode(chunk, encoding)
        lost += broken
        fields.append(field_from_text(tag.decode("latin-1"), clean(text, warnings), warnings))
    if lost:
        warnings.append(MarcWarning("undecodable_bytes", {"count": lost, "encoding": encoding}))
    return tuple(fields)


class CannotEncodeError(ValueError):
    """A character the asked encoding has no place for; `code` and `params` as in MESSAGES."""

    def __init__(self, character: str, encoding: str) -> None:
        super().__init__(f"{character!r} in {encoding}")
        self.code = "cannot_encode"
        self.params = {"character": character, "encoding": encoding}


def write_iso2709(record: MarcRecord, encoding: str = "utf-8") -> bytes:
    """One ISO 2709 record in "utf-8" or "gb18030" (or any codec), its directory counted in bytes.

    A record or field over the format's limits is written whole with the number saturated (99999, 9999): readers
    that follow the end marks, as this one does, get everything. Raises CannotEncodeError.
    """
    encoding = encodings.canonical(encoding)
    directory: list[bytes] = []
    bodies: list[bytes] = []
    start = 0
    for item in record.fields:
        body = _encode(field_to_text(item), encoding) + FIELD_END
        tag = item.tag.encode("ascii", "replace")[:3].ljust(3, b"0")
        directory.append(b"%b%04d%05d" % (tag, min(len(body), MAX_FIELD), min(start, MAX_RECORD)))
        bodies.append(body)
        start += len(body)
    base = 24 + 12 * len(directory) + 1
    length = base + start + 1
    leader = record.leader.ljust(24)[:24]
    if encoding != encodings.UTF8 and leader[9] == "a" and detect_profile(record) == "marc21":
        leader = leader[:9] + " " + leader[10:]
    head = b"%05d%b%05d%b" % (
        min(length, MAX_RECORD),
        leader[5:12].encode("ascii", "replace"),
        min(base, MAX_RECORD),
        leader[17:].encode("ascii", "replace"),
    )
    return b"".join((head, *directory, FIELD_END, *bodies, RECORD_END))


def _encode(text: str, encoding: str) -> bytes:
    try:
        return text.encode(encoding)
    except UnicodeEncodeError as error:
        raise CannotEncodeError(text[error.start], encoding) from error
