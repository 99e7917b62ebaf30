"""MARCXML in any namespace or none (Library of Congress, National Library of China, SRU and OAI wrappers).

Nothing in a file may make the reader fetch or expand anything: a document type is refused, entities stay unresolved,
the network is off and libxml2 keeps its size limits. Broken XML is read as far as it goes.
"""

from __future__ import annotations

import contextlib
import itertools
import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from lxml import etree

from shuxiang.marc.fields import clean_leader, clean_tag, is_control
from shuxiang.marc.types import BLANK_LEADER, BadRecord, Field, MarcRecord, MarcWarning, Subfield

MARC21_NAMESPACE = "http://www.loc.gov/MARC21/slim"
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_BARE_RECORDS = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*\?>)?\s*(?=<(?:[\w.-]+:)?record[\s>])")


@dataclass(frozen=True, slots=True)
class XmlRecord:
    """A record as it stood in the XML, before its profile is known."""

    raw: bytes
    record: MarcRecord
    warnings: list[MarcWarning]


def read_marcxml(chunks: Iterable[bytes]) -> Iterator[XmlRecord | BadRecord]:
    """Every record element that has fields of its own; a BadRecord's position is left 0 for the caller."""
    reading = _Reading()
    for chunk in _with_close(chunks):
        reading.feed(chunk)
        yield from reading.ended()
        if reading.refused:
            yield BadRecord(0, b"", "xml_doctype_refused")
            return
    yield from reading.left_open()
    if lines := reading.error_lines():
        yield BadRecord(0, b"", "xml_broken", {"line": lines[0]})
    elif not reading.found:
        yield BadRecord(0, b"", "xml_empty")


class _Reading:
    """One pass over one document."""

    def __init__(self) -> None:
        self._parser = etree.XMLPullParser(
            events=("start", "end"),
            recover=True,
            resolve_entities=False,
            load_dtd=False,
            no_network=True,
            huge_tree=False,
            remove_comments=True,
            remove_pis=True,
        )
        self._errors_seen = 0
        self._open: list[etree._Element] = []
        self.found = 0
        self.refused = False

    def feed(self, chunk: bytes | None) -> None:
        """Parse on; None is the end. What is wrong goes to the parser's log."""
        with contextlib.suppress(etree.XMLSyntaxError):
            if chunk is None:
                self._parser.close()
            else:
                self._parser.feed(chunk)

    def ended(self) -> Iterator[XmlRecord | BadRecord]:
        """The records that are complete by now."""
        for event, element in self._parser.read_events():
            if event == "start":
                if element.getparent() is None and element.getroottree().docinfo.doctype:
                    self.refused = True
                    return
                if _local(element) == "record":
                    self._open.append(element)
            elif _local(element) == "record":
                while self._open and self._open.pop() is not element:
                    pass
                if _has_fields(element):
                    yield self._record(element, max(each.sourceline or 0 for each in element.iter()) + 1)
                _forget(element, up=not self._open)

    def left_open(self) -> Iterator[XmlRecord | BadRecord]:
        """Records whose end tag never came, because the file is cut off or an inner tag is not closed."""
        for element in self._open:
            if _has_fields(element):
                yield self._record(element, math.inf)

    def error_lines(self, until: float = math.inf) -> list[int]:
        """The lines, up to one, of the errors no record has answered for yet."""
        lines = [entry.line for entry in self._parser.feed_error_log][self._errors_seen :]
        new = list(itertools.takewhile(lambda line: line <= until, lines))
        self._errors_seen += len(new)
        return new

    def _record(self, element: etree._Element, until: float) -> XmlRecord | BadRecord:
        self.found += 1
        return _record(element, self.error_lines(until))


def _with_close(chunks: Iterable[bytes]) -> Iterator[bytes | None]:
    """The chunks, None for the end; records standing one after another without a common root are given one."""
    chunks = iter(chunks)
    first = next(chunks, b"")
    bare = _BARE_RECORDS.match(first)
    if bare:
        first = bare[0] + b"<collection>" + first[bare.end() :]
    yield first
    yield from chunks
    if bare:
        yield b"</collection>"
    yield None


def _local(element: etree._Element) -> str:
    """The name of an element without its namespace, also where the prefix was never declared."""
    name = element.tag
    return re.split("[}:]", name)[-1] if isinstance(name, str) else ""


def _has_fields(element: etree._Element) -> bool:
    return any(_local(child) in ("leader", "controlfield", "datafield") for child in element)


def _forget(element: etree._Element, *, up: bool) -> None:
    """Free what was read, so that a file of any length takes flat memory; `up` also what stands before it."""
    element.clear()
    parent = element.getparent()
    while up and parent is not None:
        while element.getprevious() is not None:
            del parent[0]
        element, parent = parent, parent.getparent()


def _record(element: etree._Element, error_lines: list[int]) -> XmlRecord | BadRecord:
    warnings: list[MarcWarning] = []
    if error_lines:
        warnings.append(MarcWarning("xml_repaired", {"line": error_lines[0]}))
    raw = etree.tostring(element, encoding="utf-8", with_tail=False)
    leader = BLANK_LEADER
    fields: list[Field] = []
    for child in element:
        name = _local(child)
        if name == "leader":
            leader = _text(child)
        elif name in ("controlfield", "datafield"):
            fields.append(_field(child, name, warnings))
    if not fields:
        return BadRecord(0, raw, "no_fields")
    return XmlRecord(raw, MarcRecord(clean_leader(leader, warnings), tuple(fields)), warnings)


def _field(element: etree._Element, name: str, warnings: list[MarcWarning]) -> Field:
    tag = clean_tag(element.get("tag") or "", warnings)
    children = [child for child in element if _local(child) == "subfield"]
    if name == "controlfield" or (not children and is_control(tag)):
        return Field(tag, "", (), _text(element))
    indicators = "".join((element.get(key) or " ")[:1] for key in ("ind1", "ind2"))
    subfields = tuple(Subfield((child.get("code") or "")[:1], _text(child)) for child in children)
    return Field(tag, indicators, subfields)


def _text(element: etree._Element) -> str:
    """All text inside, unresolved entities as written."""
    text = element.text or ""
    for child in element:
        text += (child.text or "") + (child.tail or "")
    return text


def write_marcxml(records: Iterable[MarcRecord]) -> Iterator[bytes]:
    """A MARCXML collection in UTF-8 in pieces, ready to stream."""
    yield f'<?xml version="1.0" encoding="UTF-8"?>\n<collection xmlns="{MARC21_NAMESPACE}">\n'.encode()
    for record in records:
        yield _record_xml(record).encode()
    yield b"</collection>\n"


def _record_xml(record: MarcRecord) -> str:
    lines = ["<record>", f"  <leader>{_escaped(record.leader)}</leader>"]
    for item in record.fields:
        tag = _attribute(item.tag)
        if item.data is not None:
            lines.append(f"  <controlfield tag={tag}>{_escaped(item.data)}</controlfield>")
            continue
        ind1, ind2 = (_attribute(char) for char in item.indicators.ljust(2)[:2])
        lines.append(f"  <datafield tag={tag} ind1={ind1} ind2={ind2}>")
        for subfield in item.subfields:
            lines.append(
                f"    <subfield code={_attribute(subfield.code)}>{_escaped(subfield.value)}</subfield>"
            )
        lines.append("  </datafield>")
    lines.append("</record>\n")
    return "\n".join(lines)


def _escaped(text: str) -> str:
    return escape(_FORBIDDEN.sub(" ", text), {"\r": "&#13;"})


def _attribute(text: str) -> str:
    return quoteattr(_FORBIDDEN.sub(" ", text))
