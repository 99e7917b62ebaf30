"""The account books at the desk: names only for who may see them, a year closed by a tick, files fetched."""

import io

import pytest
import python_calamine as calamine
from django.test import Client
from django.urls import reverse

from shuxiang.audit import jobs
from shuxiang.common.actors import Actor
from shuxiang.holdings.years import YearClosing
from shuxiang.reports.ledgers.registry import all_books
from shuxiang.reports.ledgers.serving import write_later
from tests import school


@pytest.fixture
def cast(db: None) -> school.Cast:
    return school.cast()


def client_of(cast: school.Cast, role: str) -> Client:
    client = Client()
    client.force_login(cast.accounts[role], backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.mark.parametrize(("role", "sees"), [("librarian", True), ("inspector", False)])
def test_readers_are_named_in_the_loan_register_only_to_who_may_see_them(
    cast: school.Cast, role: str, sees: bool
) -> None:
    page = client_of(cast, role).get("/desk/ledgers/ledger.loans/?period=2026").content.decode()
    assert "榆树的故事" in page
    assert ("榆树小朋友" in page, "＊" in page) == (sees, not sees)


def test_a_file_with_names_is_not_for_who_may_not_see_readers(cast: school.Cast) -> None:
    job = write_later(
        library=cast.a.library,
        code="ledger.loans",
        period="2026",
        form="xlsx",
        with_names=True,
        by=Actor("x", "desk"),
    )
    jobs.run_pending()
    address = reverse("desk:ledger_download", args=[job.pk])
    assert client_of(cast, "inspector").get(address).status_code == 403
    content = b"".join(client_of(cast, "librarian").get(address).streaming_content)  # type: ignore[attr-defined]
    sheet = calamine.CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    assert any("榆树小朋友" in row for row in sheet)


@pytest.mark.parametrize("form", ["xlsx", "pdf"])
def test_a_book_is_asked_for_written_and_fetched(cast: school.Cast, form: str) -> None:
    client = client_of(cast, "librarian")
    asked = client.post("/desk/ledgers/ledger.accessions/write", {"period": "2026", "format": form})
    jobs.run_pending()
    page = client.get(asked["Location"]).content.decode()
    assert "download" in page
    fetched = client.get(asked["Location"] + "download")
    assert b"".join(fetched.streaming_content)[:4] == (b"%PDF" if form == "pdf" else b"PK\x03\x04")  # type: ignore[attr-defined]


def test_a_year_that_is_not_over_cannot_be_closed_and_says_so(cast: school.Cast) -> None:
    client = client_of(cast, "librarian")
    assert client.post("/desk/ledgers/years/2199/close", {"sure": "1"}).status_code == 302
    jobs.run_pending()
    assert YearClosing.objects.count() == 0
    assert client.get("/desk/ledgers/years/2199/").status_code == 200


def test_without_the_tick_nothing_is_closed(cast: school.Cast) -> None:
    client = client_of(cast, "librarian")
    page = client.post("/desk/ledgers/years/2026/close", {}, follow=True).content.decode()
    jobs.run_pending()
    assert YearClosing.objects.count() == 0
    assert "没有结帐" in page


NOWHERE = ("ledger.none/", "ledger.total/?period=soon", "years/99999/")
ODD = (
    "after=x",
    "after=-1",
    "before=9.9.9.9.9.9.9",
    "end",
    "after=0&end",
    "part=none",
    "after=999999999999999",
)


def test_what_is_no_book_period_or_year_is_not_found_and_odd_places_are_answered(cast: school.Cast) -> None:
    client = client_of(cast, "librarian")
    for address in NOWHERE:
        assert client.get(f"/desk/ledgers/{address}").status_code == 404, address
    for book in all_books():
        for query in ODD:
            page = client.get(f"/desk/ledgers/{book.code}/?period=2026&{query}")
            assert page.status_code == 200, (book.code, query)


def test_books_and_columns_are_chosen_by_numbers(cast: school.Cast) -> None:
    client = client_of(cast, "librarian")
    client.post(
        "/desk/ledgers/profile/keep",
        {
            "place:ledger.total": "2",
            "place:ledger.accessions": "1",
            "title:ledger.total": "总帐",
            "column:ledger.total:volumes": "1",
            "column:ledger.total:cI": "2",
        },
    )
    page = client.get("/desk/ledgers/").content.decode()
    assert page.index("个别登记帐") < page.index("总帐")
    assert "借阅登记帐" not in page
    book = client.get("/desk/ledgers/ledger.total/?period=2026").content.decode()
    assert book.count('<th scope="col"') == 2
