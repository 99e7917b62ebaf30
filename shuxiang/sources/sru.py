"""Read what an SRU server answers: records in MARCXML, diagnostics; versions 1.1, 1.2 and 2.0 by local names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from shuxiang import marc
from shuxiang.sources.asking import NotAnswered

MOST_ELEMENTS = 200_000


@dataclass(frozen=True, slots=True)
class SruAnswer:
    """How many records the server has for the question, those it sent, and what it complained about."""

    number: int
    records: tuple[marc.RawRecord, ...]
    diagnostics: tuple[str, ...]


def read_answer(body: bytes, profile: str) -> SruAnswer:
    """The records of an answer. Raises NotAnswered for what is no answer of SRU, or only a complaint."""
    root = _root(body)
    if _local(root) not in ("searchRetrieveResponse", "explainResponse"):
        raise NotAnswered("not_sru")
    told = tuple(dict.fromkeys(_diagnostics(root)))
    forced = next((one for one in marc.PROFILES if one == profile), None)
    records = tuple(record for data in _each(root, "recordData") for record in _records(data, forced))
    number = next((text for each in _each(root, "numberOfRecords") if (text := _text(each)).isdecimal()), "0")
    if told and not records and int(number[:9]) == 0:
        raise NotAnswered("diagnostic", "; ".join(told)[:200])
    return SruAnswer(int(number[:9]), records, told)


def _root(body: bytes) -> etree._Element:
    if not body.strip():
        raise NotAnswered("not_sru")
    parser = etree.XMLParser(
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError):
        raise NotAnswered("not_xml") from None
    if root.getroottree().docinfo.doctype:
        raise NotAnswered("doctype")
    return root


def _local(element: etree._Element) -> str:
    name = element.tag
    return re.split("[}:]", name)[-1] if isinstance(name, str) else ""


def _each(root: etree._Element, name: str) -> Iterator[etree._Element]:
    return (one for one in root.iter() if _local(one) == name)


def _text(element: etree._Element) -> str:
    return "".join(element.itertext()).strip()


def _diagnostics(root: etree._Element) -> Iterator[str]:
    for one in _each(root, "diagnostic"):
        parts = {_local(child): _text(child) for child in one}
        said = ": ".join(part for part in (parts.get("message", ""), parts.get("details", "")) if part)
        if said or parts.get("uri"):
            yield (said or parts["uri"])[:200]


def _records(data: etree._Element, profile: marc.Profile | None) -> Iterator[marc.RawRecord]:
    """The records in one recordData, which is XML, or XML written as text (recordPacking=string)."""
    children = [child for child in data if _local(child)]
    content = (
        etree.tostring(children[0], encoding="utf-8", with_tail=False) if children else _text(data).encode()
    )
    if not content.lstrip().startswith(b"<"):
        return
    for item in marc.read_marc(content, profile=profile):
        if isinstance(item, marc.RawRecord):
            yield item
