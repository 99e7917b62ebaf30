"""The pages of stocktaking as people use them: without the script, as plain forms, and the script's answers."""

import io
from typing import Any
from zipfile import ZipFile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from shuxiang.audit import jobs
from shuxiang.common import clock
from shuxiang.holdings.models import Item, ItemIdentifier
from shuxiang.stocktaking.models import Scan, Settlement, Stocktake, Stream
from tests.doors import BACKEND, add_book
from tests.school import Cast, cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(db: None) -> Cast:
    return cast()


@pytest.fixture
def books(people: Cast) -> list[Item]:
    """Four labelled volumes K1 … K4 of one title."""
    return add_book(people.a.library, "岳麓山游记", copies=4, barcode="K", clc="K928.3")


def as_(people: Cast, role: str) -> Client:
    client = Client()
    client.force_login(people.accounts[role], backend=BACKEND)
    return client


def begin(client: Client, **typed: str) -> Stocktake:
    answer = client.post(reverse("desk:stocktake_begin"), {"name": "期末清点", "classes": "K", **typed})
    assert answer.status_code == 302, answer.content.decode()
    return Stocktake.objects.latest("pk")


def scanner(client: Client, take: Stocktake) -> Stream:
    client.post(reverse("desk:stocktake_scanner", args=[take.pk]), {"name": "手机一"})
    return Stream.objects.latest("pk")


def test_a_whole_stocktake_on_paper_forms(people: Cast, books: list[Item]) -> None:
    librarian = as_(people, "librarian")
    take = begin(librarian)
    stream = scanner(librarian, take)
    for code in ("K1", "K2", "K1", "什么"):
        answer = librarian.post(reverse("desk:stocktake_scan", args=[stream.pk]), {"scan": code}, follow=True)
        assert answer.status_code == 200
    assert "什么" in answer.content.decode()
    page = librarian.get(reverse("desk:stocktake", args=[take.pk]))
    assert page.context["far"].scanned == 2
    librarian.post(reverse("desk:stocktake_close", args=[take.pk]))
    jobs.run_pending()
    heap = librarian.get(reverse("desk:stocktake_heap", args=[take.pk, "missing"]))
    assert heap.context["page"].paginator.count == 2
    preview = librarian.post(
        reverse("desk:stocktake_preview", args=[take.pk, "missing"]), {"act": "mark_missing", "which": "all"}
    )
    assert preview.context["count"] == 2
    assert Item.objects.get(pk=books[2].pk).account == "shelf"
    librarian.post(
        reverse("desk:stocktake_settle", args=[take.pk, "missing"]), {"act": "mark_missing", "which": "all"}
    )
    jobs.run_pending()
    assert Item.objects.get(pk=books[2].pk).account == "missing"
    settlement = Settlement.objects.get(stocktake=take)
    shown = librarian.get(reverse("desk:stocktake_settlement", args=[settlement.pk]))
    assert (shown.context["settlement"].done, shown.context["settlement"].kept) == (2, 0)
    librarian.post(reverse("desk:stocktake_settlement_undo", args=[settlement.pk]))
    jobs.run_pending()
    assert Item.objects.get(pk=books[2].pk).account == "shelf"


def test_only_the_ticked_lines_are_dealt_with(people: Cast, books: list[Item]) -> None:
    librarian = as_(people, "librarian")
    take = begin(librarian)
    librarian.post(reverse("desk:stocktake_close", args=[take.pk]))
    jobs.run_pending()
    where = reverse("desk:stocktake_preview", args=[take.pk, "missing"])
    nothing = librarian.post(where, {"act": "mark_missing", "which": "ticked"})
    assert nothing.status_code == 302
    chosen = take.lines.get(item=books[1]).pk
    preview = librarian.post(where, {"act": "mark_missing", "which": "ticked", "line": [chosen]})
    sent = {
        "act": "mark_missing",
        "line": preview.context["chosen"],
        "operation": preview.context["operation"],
    }
    for _time in range(2):  # pressed twice
        librarian.post(reverse("desk:stocktake_settle", args=[take.pk, "missing"]), sent)
    jobs.run_pending()
    assert [Item.objects.get(pk=book.pk).account for book in books] == ["shelf", "missing", "shelf", "shelf"]
    assert Settlement.objects.filter(stocktake=take).count() == 1


def test_pupils_count_and_do_not_close(people: Cast, books: list[Item]) -> None:
    take = begin(as_(people, "librarian"))
    pupil = as_(people, "pupil_librarian")
    stream = scanner(pupil, take)
    pupil.post(reverse("desk:stocktake_scan", args=[stream.pk]), {"scan": "K1"})
    assert Scan.objects.get(stream=stream).verdict == "counted"
    page = pupil.get(reverse("desk:stocktake", args=[take.pk])).content.decode()
    assert reverse("desk:stocktake_close", args=[take.pk]) not in page
    assert pupil.post(reverse("desk:stocktake_close", args=[take.pk])).status_code == 403
    assert reverse("desk:stocktakes") in pupil.get(reverse("desk:stock")).content.decode()


def test_the_scripts_answer_holds_the_pieces_that_changed(people: Cast, books: list[Item]) -> None:
    librarian = as_(people, "librarian")
    stream = scanner(librarian, begin(librarian))
    scan, script = reverse("desk:stocktake_scan", args=[stream.pk]), {"HX-Request": "true"}
    told = librarian.post(scan, {"scan": "K1"}, headers=script).content.decode()
    row = Scan.objects.get(stream=stream)
    assert 'data-sound="yes"' in told
    assert f'id="scan-{row.pk}"' in told
    again = librarian.post(scan, {"scan": "K1"}, headers=script).content.decode()
    assert "手机一" in again
    undone = librarian.post(
        reverse("desk:stocktake_unscan", args=[stream.pk]), {"act": row.pk}, headers=script
    ).content.decode()
    assert f'<li id="scan-{row.pk}" hidden>' in undone
    twice = librarian.post(
        reverse("desk:stocktake_unscan", args=[stream.pk]), {"act": row.pk}, headers=script
    )
    assert 'data-sound="no"' in twice.content.decode()


def test_closed_on_one_desk_while_another_scans(people: Cast, books: list[Item]) -> None:
    librarian = as_(people, "librarian")
    take = begin(librarian)
    stream = scanner(librarian, take)
    librarian.post(reverse("desk:stocktake_close", args=[take.pk]))
    jobs.run_pending()
    told = librarian.post(
        reverse("desk:stocktake_scan", args=[stream.pk]), {"scan": "K1"}, headers={"HX-Request": "true"}
    ).content.decode()
    assert "期末清点" in told
    assert 'data-sound="ask"' in told
    page = librarian.get(reverse("desk:stocktake", args=[take.pk]))
    assert [row.code for row in page.context["late"]] == ["K1"]
    librarian.post(reverse("desk:stocktake_reopen", args=[take.pk]))
    page = librarian.get(reverse("desk:stocktake", args=[take.pk]))
    assert page.context["far"].scanned == 1


def test_a_file_is_counted_and_its_odd_lines_are_named(people: Cast, books: list[Item]) -> None:
    librarian = as_(people, "librarian")
    take = begin(librarian)
    file = SimpleUploadedFile("PDA.txt", b"K1\nK2\nK1\nnichts\n")
    sent = librarian.post(reverse("desk:stocktake_file", args=[take.pk]), {"file": file})
    stream = Stream.objects.latest("pk")
    assert sent.headers["Location"] == reverse("desk:stocktake_stream", args=[stream.pk])
    waiting = librarian.get(sent.headers["Location"])
    assert b"hx-get" in waiting.content
    jobs.run_pending()
    page = librarian.get(sent.headers["Location"])
    assert [(row.line, row.code) for row, _words in page.context["remarks"]] == [(3, "K1"), (4, "nichts")]
    moving = librarian.get(reverse("desk:stocktake_stream_now", args=[stream.pk]))
    assert moving.headers["HX-Refresh"] == "true"


@pytest.mark.parametrize("sent", [{}, {"file": ""}])
def test_no_file_is_said(people: Cast, sent: dict[str, Any]) -> None:
    librarian = as_(people, "librarian")
    take = begin(librarian)
    answer = librarian.post(reverse("desk:stocktake_file", args=[take.pk]), sent, follow=True)
    assert [str(message) for message in answer.context["messages"]]


@pytest.mark.parametrize(
    "typed", [{"classes": "汉"}, {"first": "I247", "last": "A1"}, {"first": "K9", "last": "K2"}]
)
def test_what_cannot_be_counted_is_refused_and_what_was_typed_stays(
    people: Cast, typed: dict[str, str]
) -> None:
    answer = as_(people, "librarian").post(reverse("desk:stocktake_begin"), {"name": "试试", **typed})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert all(value in page for value in ("试试", *typed.values()))


def test_the_report_is_of_the_frozen_lines(people: Cast, books: list[Item]) -> None:
    librarian = as_(people, "librarian")
    take = begin(librarian)
    stream = scanner(librarian, take)
    librarian.post(reverse("desk:stocktake_scan", args=[stream.pk]), {"scan": "K1"})
    librarian.post(reverse("desk:stocktake_close", args=[take.pk]))
    jobs.run_pending()
    where = reverse("desk:stocktake_report", args=[take.pk])
    before = librarian.get(where).content.decode()
    assert "应清点 4 册" in before
    assert "没有找到 3 册" in before
    ItemIdentifier.objects.filter(value="K4").update(to_at=clock.now())
    Item.objects.filter(pk=books[3].pk).update(note="x")
    head = as_(people, "head")
    assert "没有找到 3 册" in head.get(where).content.decode()
    word = head.get(reverse("desk:stocktake_report_file", args=[take.pk]))
    assert word.status_code == 200
    with ZipFile(io.BytesIO(word.content)) as archive:
        text = archive.read("word/document.xml").decode()
    assert "岳麓山游记" in text
    assert "期末清点清点报告" in text


def test_order_and_comparison_have_pages(people: Cast, books: list[Item]) -> None:
    librarian = as_(people, "librarian")
    for codes in (("K1", "K2"), ("K1", "K3")):
        take = begin(librarian)
        stream = scanner(librarian, take)
        for code in codes:
            librarian.post(reverse("desk:stocktake_scan", args=[stream.pk]), {"scan": code})
        assert librarian.get(reverse("desk:stocktake_order", args=[stream.pk])).context["order"].books == 2
        librarian.post(reverse("desk:stocktake_close", args=[take.pk]))
        jobs.run_pending()
    page = librarian.get(reverse("desk:stocktake_compare", args=[take.pk]))
    found = {code: n for code, n, _lines in page.context["lists"]}
    assert found == {"missing_again": 1, "newly_missing": 1, "found_again": 1}


def test_of_another_school_nothing_is_there(people: Cast) -> None:
    librarian = as_(people, "librarian")
    other = people.b.counted
    for route, key in (
        ("stocktake", other.stocktake.pk),
        ("stocktake_stream", other.stream.pk),
        ("stocktake_settlement", other.settlement.pk),
        ("stocktake_report", other.stocktake.pk),
    ):
        assert librarian.get(reverse(f"desk:{route}", args=[key])).status_code == 404
