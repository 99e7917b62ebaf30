"""/sru: other libraries look up in this catalogue. SRU 1.1 and 1.2, explain and searchRetrieve, MARCXML of what is held."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe
from lxml import etree

from shuxiang import marc
from shuxiang.accounts.access import public
from shuxiang.holdings.givenmarc import Given, given, ids_of, with_key
from shuxiang.interop.cql import INDEXES, Asked, Diagnostic, read_cql
from shuxiang.libraries import selectors as libraries

if TYPE_CHECKING:
    from shuxiang.libraries.models import Library

MOST_RECORDS, USUAL_RECORDS = 50, 10
_HIGHEST = 1_000_000
NAMESPACE = "http://www.loc.gov/zing/srw/"
DIAGNOSTICS = "http://www.loc.gov/zing/srw/diagnostic/"
_NOT_XML = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
EXPLAIN = "http://explain.z3950.org/dtd/2.0/"
# what a schema may be called → the profile of its records; the first name of each is the one that is told
SCHEMAS: dict[str, marc.Profile] = {
    "cnmarc": "cnmarc",
    "unimarc": "cnmarc",
    "marcxml": "marc21",
    "marc21": "marc21",
    "info:srw/schema/1/marcxml-v1.1": "marc21",
    "info:srw/schema/1/marcxml-v1.0": "marc21",
}
_TOLD = ("cnmarc", "marcxml")
_DETAILS = {  # of the list of diagnostics of SRU
    4: "Unsupported operation", 5: "Unsupported version", 6: "Unsupported parameter value",
    7: "Mandatory parameter not supplied",
    10: "Query syntax error", 12: "Too many characters in query", 13: "Invalid or unsupported use of parentheses",
    16: "Unsupported index", 19: "Unsupported relation", 20: "Unsupported relation modifier", 27: "Empty term unsupported",
    37: "Unsupported boolean operator", 46: "Unsupported boolean modifier", 61: "First record position out of range",
    66: "Unknown schema for retrieval", 71: "Unsupported record packing", 80: "Sort not supported",
    235: "Database does not exist",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Request:
    """What is asked, checked."""

    version: str
    asked: Asked
    query: str
    start: int
    most: int
    schema: str
    packing: str


@public
@require_safe
def all_libraries(request: HttpRequest) -> HttpResponse:
    """What any library of the installation holds."""
    return _answer(request, None)


@public
@require_safe
def one_library(request: HttpRequest, code: str) -> HttpResponse:
    """What one library holds."""
    library = libraries.find_library(code)
    if library is None:
        return _response(_wrapped("1.1", "", _diagnostic(Diagnostic(235, code[:20])), 0))
    return _answer(request, library)


def _answer(request: HttpRequest, library: Library | None) -> HttpResponse:
    version = request.GET.get("version", "1.1")[:10]
    operation = request.GET.get("operation", "searchRetrieve" if "query" in request.GET else "explain")
    try:
        if version not in ("1.1", "1.2"):
            version = "1.2"
            raise Diagnostic(5, "1.2")
        if operation == "explain":
            return _response(_explain(request, version, library))
        if operation != "searchRetrieve":
            raise Diagnostic(4, operation[:40])
        return _response(_found(_read(request, version), library))
    except Diagnostic as problem:
        return _response(_wrapped(version, "", _diagnostic(problem), 0))


def _read(request: HttpRequest, version: str) -> _Request:
    query = request.GET.get("query", "").replace("\x00", " ")
    if not query.strip():
        raise Diagnostic(7, "query")
    schema = request.GET.get("recordSchema", "") or _TOLD[0]
    if schema not in SCHEMAS:
        raise Diagnostic(66, schema[:60])
    packing = request.GET.get("recordPacking", "") or "xml"
    if packing not in ("xml", "string"):
        raise Diagnostic(71, packing[:20])
    if request.GET.get("sortKeys"):
        raise Diagnostic(80)
    start = _number(request, "startRecord", 1, lowest=1)
    most = _number(request, "maximumRecords", USUAL_RECORDS, lowest=0)
    return _Request(version, read_cql(query), query, start, min(most, MOST_RECORDS), schema, packing)


def _number(request: HttpRequest, name: str, usual: int, *, lowest: int) -> int:
    text = request.GET.get(name, "") or str(usual)
    if not (text.isascii() and text.isdecimal() and lowest <= int(text[:12]) <= _HIGHEST):
        raise Diagnostic(6, name)
    return int(text[:12])


def _found(wanted: _Request, library: Library | None) -> str:
    asked = wanted.asked
    if asked.key is not None:
        ids = with_key(asked.key, library)
    else:
        ids = ids_of(asked.query, library) if asked.query is not None else ()
    if ids and wanted.start > len(ids):
        return _wrapped(wanted.version, "", _diagnostic(Diagnostic(61, str(wanted.start))), len(ids))
    page = ids[wanted.start - 1 : wanted.start - 1 + wanted.most]
    records = given(page, library, SCHEMAS[wanted.schema])
    parts = [_record(one, wanted, wanted.start + place) for place, one in enumerate(records)]
    following = wanted.start + len(page)
    more = (
        f"<nextRecordPosition>{following}</nextRecordPosition>"
        if wanted.most and following <= len(ids)
        else ""
    )
    inside = (f"<records>{''.join(parts)}</records>" if parts else "") + more
    return _wrapped(wanted.version, inside, _echo(wanted), len(ids))


def _record(one: Given, wanted: _Request, position: int) -> str:
    content = _marcxml(one.record)
    data = escape(content) if wanted.packing == "string" else content
    return (
        f"<record><recordSchema>{escape(wanted.schema)}</recordSchema><recordPacking>{wanted.packing}</recordPacking>"
        f"<recordData>{data}</recordData>"
        + (f"<recordIdentifier>{one.pk}</recordIdentifier>" if wanted.version == "1.2" else "")
        + f"<recordPosition>{position}</recordPosition></record>"
    )


def _marcxml(record: marc.MarcRecord) -> str:
    """The record element alone, in its namespace."""
    collection = etree.fromstring(b"".join(marc.write_marcxml([record])))
    return str(etree.tostring(collection[0], encoding="unicode", with_tail=False))


def _echo(wanted: _Request) -> str:
    return (
        f"<echoedSearchRetrieveRequest><version>{wanted.version}</version><query>{_clean(wanted.query)}</query>"
        f"<startRecord>{wanted.start}</startRecord><maximumRecords>{wanted.most}</maximumRecords>"
        f"<recordPacking>{wanted.packing}</recordPacking><recordSchema>{escape(wanted.schema)}</recordSchema>"
        "</echoedSearchRetrieveRequest>"
    )


def _clean(text: str) -> str:
    """Text as XML can hold it."""
    return escape(
        "".join(sign for sign in text if sign in "\t\n" or " " <= sign < "\ud800" or sign > "\udfff")
    )


def _diagnostic(problem: Diagnostic) -> str:
    return (
        f'<diagnostics><diagnostic xmlns="{DIAGNOSTICS}"><uri>info:srw/diagnostic/1/{problem.number}</uri>'
        f"<details>{_clean(problem.detail)}</details><message>{_DETAILS[problem.number]}</message></diagnostic></diagnostics>"
    )


def _wrapped(version: str, records: str, after: str, count: int) -> str:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<searchRetrieveResponse xmlns="{NAMESPACE}"><version>{version}</version>'
        f"<numberOfRecords>{count}</numberOfRecords>{records}{after}</searchRetrieveResponse>\n"
    )


def _explain(request: HttpRequest, version: str, library: Library | None) -> str:
    """What may be asked: a ZeeRex record."""
    name = library.name if library else " / ".join(one.name for one in libraries.all_libraries()[:3])
    indexes = "".join(
        f'<index search="true"><title>{escape(field or "any")}</title><map><name set="{one.partition(".")[0]}">'
        f"{escape(one.partition('.')[2])}</name></map></index>"
        for one, field in INDEXES.items()
        if "." in one
    )
    schemas = "".join(
        f'<schema identifier="{"info:srw/schema/1/marcxml-v1.1" if one == "marcxml" else one}" name="{one}">'
        f"<title>{'MARC 21' if one == 'marcxml' else 'CNMARC'} (MARCXML)</title></schema>"
        for one in _TOLD
    )
    host, _colon, port = request.get_host().partition(":")
    usual = "443" if request.is_secure() else "80"
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<explainResponse xmlns="{NAMESPACE}"><version>{version}</version><record>'
        f"<recordSchema>{EXPLAIN}</recordSchema><recordPacking>xml</recordPacking><recordData>"
        f'<explain xmlns="{EXPLAIN}"><serverInfo protocol="SRU" version="{version}" transport="{request.scheme}">'
        f"<host>{escape(host)}</host><port>{port or usual}</port><database>{escape(request.path.lstrip('/'))}</database>"
        f"</serverInfo><databaseInfo><title>{_clean(name)}</title></databaseInfo><indexInfo>{indexes}</indexInfo>"
        f"<schemaInfo>{schemas}</schemaInfo><configInfo>"
        f'<default type="numberOfRecords">{USUAL_RECORDS}</default><setting type="maximumRecords">{MOST_RECORDS}</setting>'
        "</configInfo></explain></recordData></record></explainResponse>\n"
    )


def _response(content: str) -> HttpResponse:
    return HttpResponse(content, content_type="text/xml; charset=utf-8")
