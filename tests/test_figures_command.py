"""`shuxiang figures` and `shuxiang report`: tables, JSON, a file, and a sentence where there is nothing."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from shuxiang.circulation.tests.desk import Desk, open_desk
from shuxiang.cli import dispatch

PERIOD = ["--library", "a", "--period", "2026-autumn"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Desk:
    """Two pupils, one loan in October."""
    made = open_desk()
    made.lend(at=datetime(2026, 10, 12, 4, tzinfo=UTC))
    return made


def test_figures_are_printed_with_their_names_and_both_sides(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    assert dispatch.run(["--lang", "zh-hans", "figures", *PERIOD]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert any("学生人均借阅" in line and "0.50 册" in line and "1 ÷ 2" in line for line in lines)


def test_figures_are_given_to_programs_part_by_part(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    assert dispatch.run(["figures", *PERIOD, "--by", "class", "--json"]) == 0
    given = json.loads(capsys.readouterr().out)
    per_pupil = {each["code"]: each for each in given["figures"]}["circulation.loans_per_pupil"]
    assert (given["library"], given["period"], per_pupil["value"]) == ("a", "2026-autumn", 0.5)
    assert [(each["label"], each["numerator"], each["denominator"]) for each in per_pupil["parts"]] == [
        ("三（1）班", 1, 2)
    ]
    assert per_pupil["loan_kinds"] == ["personal", "collective"]


@pytest.mark.parametrize("by", ["class", "grade", "month", "clc"])
def test_every_way_of_parting_has_figures(desk: Desk, by: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert dispatch.run(["figures", *PERIOD, "--by", by]) == 0
    assert "circulation.loans_pupils" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--library", "b", "--period", "2026"], "没有代码为 b 的图书馆。"),
        (["--library", "a", "--period", "soon"], "“soon”不是时期"),
        (["--library", "a", "--period", "2001"], "2001 没有任何记录。"),
        (["--library", "a", "--period", "2150"], "2150 没有任何记录。"),
    ],
)
def test_where_there_is_nothing_there_is_a_sentence(
    desk: Desk, words: list[str], sentence: str, *, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "x.docx"
    for command in (["figures"], ["report", "term-summary", "--out", str(out)]):
        assert dispatch.run(["--lang", "zh-hans", *command, *words]) == 2
        assert sentence in capsys.readouterr().err
    assert not out.exists()


def test_a_report_is_written_and_a_foreign_file_left_alone(
    desk: Desk, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out, notes = tmp_path / "总结.docx", tmp_path / "notes.docx"
    assert dispatch.run(["report", "term-summary", *PERIOD, "--out", str(out)]) == 0
    assert out.read_bytes().startswith(b"PK")
    notes.write_text("no Word file", encoding="utf-8")
    assert dispatch.run(["--lang", "zh-hans", "report", "term-summary", *PERIOD, "--out", str(notes)]) == 2
    assert "不是能读的 Word 文件" in capsys.readouterr().err
    assert notes.read_text(encoding="utf-8") == "no Word file"
