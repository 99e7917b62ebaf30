"""What the command prints about an import, in the words of a Chinese school."""

from pathlib import Path

import pytest
from django.conf import LazySettings

from shuxiang.cli import dispatch
from shuxiang.imports.models import Run
from shuxiang.imports.tests.builders import Desk, new_library

BOOKS = [["书名", "作者", "ISBN", "册数", "价格"], ["狼王梦", "沈石溪", "9787534256301", "", "18元"]]
READERS = [["借书号", "姓名", "单位"], ["0001", "甲某", "六乙"]]


@pytest.fixture
def desk(db: None, tmp_path: Path, settings: LazySettings) -> Desk:
    settings.MEDIA_ROOT = tmp_path / "files"
    return Desk(new_library(), tmp_path)


def _run(capsys: pytest.CaptureFixture[str], *words: str, status: int = 0) -> str:
    capsys.readouterr()
    answer = dispatch.run(["--lang", "zh-hans", "import", *words, "--library", "yl"])
    printed = capsys.readouterr()
    assert answer == status, printed.err + printed.out
    return printed.out + printed.err


def test_readers_are_told_with_nouns_and_chinese_columns(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    said = _run(capsys, "patrons", str(desk.table(READERS)), "--school-year", "2016-2017")
    assert "1 个班" in said
    assert "→ card" not in said


def test_remarks_of_accepted_rows_are_printed_and_nothing_new_has_no_undo(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    path = str(desk.table(BOOKS))
    first = _run(capsys, "books", path)
    assert "第 2 行" in first
    assert "shuxiang undo" in first
    again = _run(capsys, "books", path)
    assert "1 行早已导入，没有变化" in again
    assert "shuxiang undo" not in again


def test_a_list_of_books_is_stopped_before_it_is_read_as_loans(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    head = [
        "序号",
        "书名",
        "作者",
        "出版社",
        "ISBN",
        "价格",
        "册数",
        "索书号",
        "条码号",
        "登录号",
        "馆藏地点",
    ]
    rows = [
        [
            str(n),
            f"书{n}",
            "某人",
            "某社",
            f"97875342563{n:02}",
            "18元",
            "1",
            f"I287.45/{n}",
            f"0{n:07}",
            str(n),
            "",
        ]
        for n in range(1, 30)
    ]
    said = _run(capsys, "loans", str(desk.table([head, *rows])), status=2)
    assert "这像是图书清单" in said
    assert not Run.objects.exists()
