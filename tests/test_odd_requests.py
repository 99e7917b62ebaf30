"""Requests that no page makes by itself: each gets an answer, none an error of the server."""

from pathlib import Path

import pytest
from django.test import Client

from shuxiang.accounts import shipped
from shuxiang.accounts.models import Role
from shuxiang.accounts.services import create_account, grant
from shuxiang.circulation.tests.desk import BY, START, Desk, open_desk
from shuxiang.cli.dispatch import run
from shuxiang.reports.rules import tidy


@pytest.fixture
def desk(db: None) -> Desk:
    shipped.install(Role)
    return open_desk()


def signed_in(desk: Desk, role: str) -> Client:
    account = create_account(username=role.replace("_", "-"), display_name=role, by=BY, at=START)
    grant(account=account, role=role, library=desk.library, from_on=START.date(), by=BY, at=START)
    client = Client()
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.mark.parametrize("page", ["0", "00", "-1", "9999999", "１", "x", ""])
def test_any_page_number_shows_a_page(page: str, desk: Desk) -> None:
    desk.lend()
    response = signed_in(desk, "librarian").get(
        f"/desk/figures/circulation.loans/?period=2026-autumn&page={page}"
    )
    assert response.status_code < 500


@pytest.mark.parametrize("code", ["9" * 60_000, "\x00", "😀" * 500, "%_%", "' OR 1=1 --"])
def test_any_scan_gets_an_answer(code: str, desk: Desk) -> None:
    client = signed_in(desk, "librarian")
    assert client.post("/desk/scan", {"scan": code}).status_code == 302
    assert client.get("/desk/").status_code == 200


def test_what_a_word_file_cannot_hold_is_left_out_of_a_written_part() -> None:
    assert tidy("甲\x0b乙\x00丙\x1b\ufffe\r\n 丁 ") == "甲\n乙丙\n丁"


def test_a_class_teacher_is_made_for_a_class(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    command = ["account", "add", "--library", "a", "--role", "class_teacher", "wang"]
    assert run(command) == 2
    assert run([*command, "--class", "九（9）班"]) == 2
    assert "wang" not in capsys.readouterr().out
    assert run([*command, "--class", "三（1）班"]) == 0


@pytest.mark.parametrize("year", ["abc", "2016", "2016-2019", "9999-10000", "2016-autumn"])
def test_a_school_year_nobody_can_read_stops_the_import(
    year: str, desk: Desk, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "books.csv"
    path.write_text("书名,作者\n童年,高尔基\n", encoding="utf-8")
    assert run(["import", "books", str(path), "--library", "a", "--school-year", year]) == 2
    assert year in capsys.readouterr().err
