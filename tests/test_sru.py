"""/sru answers other catalogues, and the client of the room of sources understands it: over HTTP on the loopback."""

import contextlib
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree
from pytest_django.live_server_helper import LiveServer

from shuxiang import marc
from shuxiang.catalogue.models import BibliographicRecord
from shuxiang.catalogue.services import RecordValues, keep_original, save_record
from shuxiang.holdings.models import Holding
from shuxiang.holdings.services import add_items, draft_batch, hold, post_batch
from shuxiang.interop.cql import Diagnostic, read_cql
from shuxiang.libraries.models import Library
from shuxiang.libraries.services import create_library
from shuxiang.sources.services import TargetValues, look_up, save_target
from tests.school import BY, JOINED_ON, START

pytestmark = pytest.mark.django_db
SRW = {"s": "http://www.loc.gov/zing/srw/", "d": "http://www.loc.gov/zing/srw/diagnostic/"}
ISBN = "9787534640185"


def enter(library: Library, title: str, **columns: Any) -> BibliographicRecord:
    record = save_record(
        record=None,
        values=RecordValues(title=title, **columns),
        library=library,
        by=BY,
        at=START,
    )
    holding = hold(library=library, record=record, clc=columns.get("clc", "I287.45"), by=BY, at=START)
    batch = draft_batch(library=library, source="purchase", received_on=JOINED_ON, by=BY, at=START)
    add_items(batch=batch, holding=holding, copies=1, list_price_fen=2580, by=BY, at=START)
    post_batch(batch, by=BY, at=START, on=JOINED_ON)
    return record


@pytest.fixture
def elm(db: None) -> Library:
    """A school with three titles, one of which came as CNMARC with fields of its own and a barcode."""
    library = create_library(code="elm", name="榆树小学", kind="primary", by=BY, at=START)
    house = enter(
        library,
        "草房子",
        isbn="978-7-5346-4018-5",
        authors="曹文轩 著",
        publisher="江苏少年儿童出版社",
        clc="I287.45",
    )
    enter(library, "青铜葵花", authors="曹文轩 著", subjects="长篇小说")
    enter(library, "海底两万里", authors="凡尔纳 著", clc="I565.44")
    original = marc.build_record(
        marc.Projection(
            title="草房子", isbns=(marc.Isbn("978-7-5346-4018-5"),), authors=(marc.Author("曹文轩", "著"),)
        ),
        "cnmarc",
    )
    kept = (
        marc.Field("314", "  ", (marc.Subfield("a", "曹文轩，1954年生"),)),
        marc.Field("905", "  ", (marc.Subfield("a", "ELM"), marc.Subfield("b", "00001234"))),
    )
    raw = marc.write_iso2709(marc.MarcRecord(original.leader, (*original.fields, *kept)))
    keep_original(
        house, library=library, format="iso2709", content=raw, at=START, profile="cnmarc", encoding="utf-8"
    )
    return library


def ask(client: Client, address: str = "/sru", **asked: str) -> etree._Element:
    asked = {"version": "1.1", "operation": "searchRetrieve", **asked}
    answer = client.get(f"{address}?{urlencode(asked)}")
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/xml")
    return etree.fromstring(answer.content)


def titles(answer: etree._Element, tag: str = "200") -> list[str]:
    return [str(one) for one in answer.xpath(f"//*[@tag='{tag}']/*[@code='a'][1]/text()")]


def diagnostic(answer: etree._Element) -> str:
    return str(answer.xpath("string(//d:uri)", namespaces=SRW)).removeprefix("info:srw/diagnostic/1/")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ('dc.title="草房子"', ["草房子"]),
        ("dc.title=草房*", ["草房子"]),
        ("草房子", ["草房子"]),
        (f"bath.isbn={ISBN}", ["草房子"]),
        ('bath.isbn="978-7-5346-4018-5"', ["草房子"]),
        ("dc.creator=曹文轩", ["草房子", "青铜葵花"]),
        ("dc.creator=曹文轩 not dc.title=草房子", ["青铜葵花"]),
        ("(dc.title=海底 or dc.title=葵花) and dc.creator=曹文轩", ["青铜葵花"]),
        ('dc.title any "草房子 海底两万里"', ["草房子", "海底两万里"]),
        ('cql.serverChoice all "曹文轩 葵花"', ["青铜葵花"]),
        ("dc.subject=长篇小说", ["青铜葵花"]),
        ("dc.title=没有这本", []),
        ('dc.title="，。"', []),
        ("rec.id=999999999999", []),
        ("rec.id=0", []),
    ],
)
def test_questions_in_cql_find_what_is_held(
    client: Client, elm: Library, query: str, found: list[str]
) -> None:
    answer = ask(client, query=query)
    assert sorted(titles(answer)) == sorted(found)
    assert answer.findtext("s:numberOfRecords", namespaces=SRW) == str(len(found))
    assert diagnostic(answer) == ""


def test_a_record_comes_with_its_own_fields_and_nothing_of_the_volumes(client: Client, elm: Library) -> None:
    answer = ask(client, query=f"bath.isbn={ISBN}", recordSchema="cnmarc")
    content = etree.tostring(answer, encoding="unicode")
    assert "曹文轩，1954年生" in content
    assert "00001234" not in content
    assert not answer.xpath("//*[@tag='905']")
    record = BibliographicRecord.objects.get(title="草房子")
    assert answer.xpath("string(//*[@tag='001'])") == str(record.pk)


def test_a_record_comes_as_marc_21_when_that_is_asked(client: Client, elm: Library) -> None:
    answer = ask(client, query=f"bath.isbn={ISBN}", recordSchema="info:srw/schema/1/marcxml-v1.1")
    assert [one.rstrip(" /") for one in titles(answer, "245")] == ["草房子"]


def test_pages_are_turned_and_the_end_is_said(client: Client, elm: Library) -> None:
    first = ask(client, query="dc.creator=曹文轩", maximumRecords="1")
    assert (len(titles(first)), first.findtext("s:nextRecordPosition", namespaces=SRW)) == (1, "2")
    last = ask(client, query="dc.creator=曹文轩", maximumRecords="1", startRecord="2")
    assert (len(titles(last)), last.findtext("s:nextRecordPosition", namespaces=SRW)) == (1, None)
    assert titles(first) != titles(last)
    assert diagnostic(ask(client, query="dc.creator=曹文轩", startRecord="3")) == "61"
    none = ask(client, query="dc.creator=曹文轩", maximumRecords="0")
    assert (titles(none), none.findtext("s:numberOfRecords", namespaces=SRW)) == ([], "2")


@pytest.mark.parametrize(
    ("asked", "number"),
    [
        ({"query": ""}, "7"),
        ({"query": "("}, "10"),
        ({"query": "(a"}, "13"),
        ({"query": "a b"}, "10"),
        ({"query": 'dc.title="unfinished'}, "10"),
        ({"query": "dc.nothing=a"}, "16"),
        ({"query": "dc.title<a"}, "19"),
        ({"query": "dc.title=/stem a"}, "20"),
        ({"query": 'dc.title=""'}, "27"),
        ({"query": "a prox b"}, "37"),
        ({"query": "a and/rel.x b"}, "46"),
        ({"query": "a sortBy dc.title"}, "80"),
        ({"query": "(" * 40 + "a" + ")" * 40}, "10"),
        ({"query": "a or " * 60 + "a"}, "12"),
        ({"query": "x" * 2000}, "12"),
        ({"query": "a", "recordSchema": "mods"}, "66"),
        ({"query": "a", "recordPacking": "json"}, "71"),
        ({"query": "a", "maximumRecords": "-1"}, "6"),
        ({"query": "a", "startRecord": "0"}, "6"),
        ({"query": "a", "startRecord": "²"}, "6"),
        ({"query": "a", "version": "9"}, "5"),
        ({"operation": "scan"}, "4"),
    ],
)
def test_what_cannot_be_answered_is_said_as_a_diagnostic(
    client: Client, elm: Library, asked: dict[str, str], number: str
) -> None:
    answer = ask(client, **asked)
    assert diagnostic(answer) == number
    assert answer.xpath("string(//d:message)", namespaces=SRW)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.one_of(st.text(max_size=40), st.text(alphabet='ab=<>()"/\\* andort不是', max_size=40)))
def test_any_text_is_a_question_or_gets_a_diagnostic(client: Client, elm: Library, query: str) -> None:
    with contextlib.suppress(Diagnostic):
        read_cql(query)
    answer = ask(client, query=query.encode(errors="replace").decode())
    assert diagnostic(answer) or answer.xpath("//s:numberOfRecords", namespaces=SRW)


def test_a_library_is_asked_alone_and_another_is_not_told_of(client: Client, elm: Library) -> None:
    other = create_library(code="oak", name="橡树小学", kind="primary", by=BY, at=START)
    enter(other, "草房子新编", authors="别人 编")
    assert sorted(titles(ask(client, "/sru", query="dc.title=草房子"))) == ["草房子", "草房子新编"]
    assert titles(ask(client, "/sru/oak", query="dc.title=草房子")) == ["草房子新编"]
    assert titles(ask(client, "/sru/elm", query="dc.title=草房子")) == ["草房子"]
    assert diagnostic(ask(client, "/sru/nowhere", query="dc.title=草房子")) == "235"


def test_what_nobody_holds_or_is_under_review_is_not_given(client: Client, elm: Library) -> None:
    save_record(record=None, values=RecordValues(title="无人收藏"), library=elm, by=BY, at=START)
    assert titles(ask(client, query="dc.title=无人收藏")) == []
    Holding.objects.filter(record__title="海底两万里").update(review="held", facets="")
    assert titles(ask(client, query="dc.title=海底两万里")) == []


def test_explain_says_what_may_be_asked(client: Client, elm: Library) -> None:
    for address in ("/sru", "/sru?operation=explain&version=1.2", "/sru/elm"):
        answer = etree.fromstring(client.get(address).content)
        content = etree.tostring(answer, encoding="unicode")
        assert etree.QName(answer).localname == "explainResponse"
        assert "榆树小学" in content and "isbn" in content and "cnmarc" in content


def test_nothing_is_written_and_only_reading_is_allowed(client: Client, elm: Library) -> None:
    assert client.post("/sru", {"query": "a"}).status_code == 405


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("schema", ["cnmarc", "marcxml"])
@pytest.mark.parametrize("packing", ["", "/elm"])
def test_our_client_finds_in_our_server_over_http(
    live_server: LiveServer, elm: Library, schema: str, packing: str
) -> None:
    values = TargetValues(
        name="区馆", address=f"{live_server.url}/sru{packing}", record_schema=schema, allows_private=True
    )
    save_target(values, is_owner=True, by=BY, at=START)
    by_isbn = look_up(isbn="978-7-5346-4018-5", at=START)
    assert [(one.source, one.projection.title) for one in by_isbn] == [("区馆", "草房子")]
    assert by_isbn.found[0].projection.isbns[0].raw.replace("-", "") == ISBN
    by_title = look_up(title="海底两万里", at=START)
    assert [one.projection.title for one in by_title] == ["海底两万里"]
    assert [told.outcome for told in look_up(title="没有这本书", at=START).told] == ["nothing"]
