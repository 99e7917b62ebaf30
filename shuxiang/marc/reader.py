"""Read MARC from anything: tell the container, the encoding and the profile, then hand out record by record."""

from __future__ import annotations

import codecs
import gzip
import io
import zlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import BinaryIO, TypeVar

from shuxiang.marc import encoding as encodings
from shuxiang.marc import iso2709, marcxml, pasted
from shuxiang.marc.profiles import detect_profile
from shuxiang.marc.types import BadRecord, MarcRecord, MarcWarning, Profile, RawRecord

_T = TypeVar("_T")
_CHUNK = 65_536
# Enough records to tell the encoding of a file, little enough to hold.
_SAMPLE = 262_144
_PASTE_LIMIT = 16_000_000
_UTF16 = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}


def read_marc(
    source: BinaryIO | bytes, *, encoding: str | None = None, profile: Profile | None = None
) -> Iterator[RawRecord | BadRecord]:
    """Every record of an ISO 2709, MARCXML or text file, gzipped or not, one at a time in flat memory.

    `encoding` and `profile` overrule what would be found out; without them the encoding is guessed for the file and
    checked on every record. Raises LookupError for an encoding that does not exist, never for what is in the file.
    """
    known = encodings.canonical(encoding) if encoding else None
    return _Reading(source, known, profile).items()


class _Reading:
    """One pass over one source."""

    def __init__(self, source: BinaryIO | bytes, encoding: str | None, profile: Profile | None) -> None:
        self._stream: BinaryIO = io.BytesIO(source) if isinstance(source, bytes) else source
        self._forced_encoding = encoding
        self._forced_profile = profile
        self._encoding = encoding
        self._profile = profile
        self._position = 0
        self._file_warnings: list[MarcWarning] = []
        self._stream_fault: BadRecord | None = None

    def items(self) -> Iterator[RawRecord | BadRecord]:
        chunks = self._chunks()
        sample = _take(chunks, _SAMPLE)
        head = sample[:_SAMPLE].lstrip(codecs.BOM_UTF8 + b" \t\r\n\x00")
        if not head:
            yield from ()
        elif head[:1] == b"<":
            yield from self._xml(_chain(sample, chunks))
        elif iso2709.FIELD_END in sample or iso2709.RECORD_END in sample:
            yield from self._iso2709(_chain(sample, chunks))
        else:
            yield from self._text(sample + _take(chunks, _PASTE_LIMIT))
        if self._stream_fault:
            yield self._bad(self._stream_fault)

    def _chunks(self) -> Iterator[bytes]:
        """The bytes of the source, unpacked, and in UTF-8 where they were UTF-16; ends at a damaged end."""
        start = _read_exactly(self._stream, 2)
        rest = iter(lambda: self._stream.read(_CHUNK), b"")
        chunks = _chain(start, rest)
        if start == b"\x1f\x8b":
            chunks = self._unpacked(chunks)
            start = next(chunks, b"")
            chunks = _chain(start, chunks)
        if (form := _UTF16.get(start[:2])) and not self._forced_encoding:
            chunks = _transcoded(chunks, form)
            self._file_warnings.append(MarcWarning("utf16_converted"))
        return chunks

    def _unpacked(self, chunks: Iterator[bytes]) -> Iterator[bytes]:
        packed = gzip.GzipFile(fileobj=_Chunked(chunks))
        try:
            while chunk := packed.read(_CHUNK):
                yield chunk
        except (OSError, EOFError, zlib.error):
            self._stream_fault = BadRecord(0, b"", "gzip_broken")

    def _iso2709(self, chunks: Iterator[bytes]) -> Iterator[RawRecord | BadRecord]:
        records = iso2709.split_records(chunks)
        ahead: list[bytes] = []
        size = 0
        for raw in records:
            ahead.append(raw)
            size += len(raw)
            if size >= _SAMPLE // 2:
                break
        if self._encoding is None:
            self._encoding = encodings.guess_file(ahead)
        for raw in ahead:
            yield self._iso_record(raw)
        ahead.clear()
        for raw in records:
            yield self._iso_record(raw)

    def _iso_record(self, raw: bytes) -> RawRecord | BadRecord:
        warnings: list[MarcWarning] = []
        encoding = self._forced_encoding or encodings.settle(raw, self._encoding)
        if self._encoding is None and not raw.isascii():
            self._encoding = encoding
        elif self._encoding and encoding != self._encoding:
            warnings.append(
                MarcWarning("encoding_differs", {"encoding": encoding, "file_encoding": self._encoding})
            )
        parsed = _guarded(lambda: iso2709.parse_record(raw, encoding, 0), raw)
        if isinstance(parsed, BadRecord):
            return self._bad(parsed)
        record, odd = parsed
        return self._good(raw, encoding, record, warnings + odd)

    def _xml(self, chunks: Iterator[bytes]) -> Iterator[RawRecord | BadRecord]:
        for item in marcxml.read_marcxml(chunks):
            if isinstance(item, BadRecord):
                yield self._bad(item)
            else:
                yield self._good(item.raw, encodings.UTF8, item.record, item.warnings)

    def _text(self, raw: bytes) -> Iterator[RawRecord | BadRecord]:
        body = raw.removeprefix(codecs.BOM_UTF8)
        encoding = self._forced_encoding or encodings.settle(body, None)
        text = encodings.decode(body, encoding)[0]
        records = list(pasted.read_pasted(text)) if pasted.looks_pasted(text) else []
        if not records:
            yield self._bad(BadRecord(0, raw[:_CHUNK], "not_marc"))
        for item in records:
            yield self._good(item.text.encode(), encodings.UTF8, item.record, item.warnings)

    def _good(self, raw: bytes, encoding: str, record: MarcRecord, warnings: list[MarcWarning]) -> RawRecord:
        self._position += 1
        profile = self._forced_profile or detect_profile(record)
        if profile is None:
            profile = self._profile or "cnmarc"
            warnings.append(MarcWarning("profile_uncertain", {"profile": profile}))
        self._profile = profile
        if profile == "marc21" and record.leader[9] == " ":
            # In memory every record is Unicode, and MARC 21 says so here.
            record = MarcRecord(record.leader[:9] + "a" + record.leader[10:], record.fields)
        return RawRecord(
            raw, encoding, profile, record, (*self._file_warnings, *_summed(warnings)), self._position
        )

    def _bad(self, item: BadRecord) -> BadRecord:
        self._position += 1
        return replace(item, position=self._position)


class _Chunked(io.RawIOBase):
    """Chunks as a readable stream."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._left = b""

    def read(self, size: int = -1) -> bytes:
        """Up to `size` bytes; less than asked is no end."""
        while not self._left:
            chunk = next(self._chunks, None)
            if chunk is None:
                return b""
            self._left = chunk
        count = len(self._left) if size < 0 else size
        taken, self._left = self._left[:count], self._left[count:]
        return taken


def _summed(warnings: list[MarcWarning]) -> list[MarcWarning]:
    """Warnings of one kind that count something, as one."""
    if len(warnings) < 2:
        return warnings
    summed: dict[tuple[str, str], MarcWarning] = {}
    for warning in warnings:
        count = warning.params.get("count")
        key = (warning.code, "" if count else str(dict(warning.params)))
        before = summed.get(key)
        if before and count:
            warning = MarcWarning(
                warning.code, {**warning.params, "count": int(count) + int(before.params["count"])}
            )
        summed[key] = warning
    return list(summed.values())


def _guarded(parse: Callable[[], _T], raw: bytes) -> _T | BadRecord:
    """What `parse` gives; a fault of ours in one record must not cost the rest of the file."""
    try:
        return parse()
    except (ValueError, IndexError, LookupError, TypeError):
        return BadRecord(0, raw, "record_unreadable")


def _read_exactly(stream: BinaryIO, count: int) -> bytes:
    found = b""
    while len(found) < count and (more := stream.read(count - len(found))):
        found += more
    return found


def _take(chunks: Iterator[bytes], size: int) -> bytes:
    taken: list[bytes] = []
    have = 0
    while have < size and (chunk := next(chunks, None)) is not None:
        taken.append(chunk)
        have += len(chunk)
    return b"".join(taken)


def _chain(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from rest


def _transcoded(chunks: Iterator[bytes], form: str) -> Iterator[bytes]:
    decoder = codecs.getincrementaldecoder(form)("replace")
    for chunk in chunks:
        yield decoder.decode(chunk).encode("utf-8", "replace")
    yield decoder.decode(b"", True).encode("utf-8", "replace")
