"""Where the titles are, what is no data below them, and which column is what."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from shuxiang.imports.tables import (
    BOOK_FIELDS,
    LOAN_FIELDS,
    PATRON_FIELDS,
    FieldSpec,
    Mapping,
    Sheet,
    guess_kind,
    guess_mapping,
    loan_action,
    open_table,
)
from shuxiang.imports.tests.test_tables_formats import html, xlsx

_open = ExitStack()


@pytest.fixture(autouse=True)
def _closing() -> Iterator[None]:
    with _open:
        yield


def sheet_of(text: str) -> Sheet:
    """The sheet of a CSV file that stays open until the test ends."""
    return _open.enter_context(open_table(text.encode(), name="表.csv")).sheets[0]


def fields_of(text: str, fields: tuple[FieldSpec, ...] = BOOK_FIELDS) -> dict[str, str]:
    sheet = sheet_of(text)
    mapping = guess_mapping(sheet.header, sheet.sample(), fields)
    return {name: guess.title for name, guess in mapping.columns.items()}


def test_title_rows_above_the_header_are_kept_apart() -> None:
    sheet = sheet_of("某某小学图书馆新书清单,,\n,,\n批号:2016-03,,\n书名,作者,定价(元)\n红楼梦,曹雪芹,59.7\n")
    assert sheet.header.row_numbers == (4,)
    assert sheet.header.above == ("某某小学图书馆新书清单", "批号:2016-03")
    assert [row.number for row in sheet.rows] == [5]


def test_two_row_headers_join_a_merged_parent_with_its_children() -> None:
    def write(book: Any, sheet: Any) -> None:
        plain = book.add_format()
        sheet.merge_range(0, 0, 0, 4, "新书登记", plain)
        sheet.merge_range(1, 0, 2, 0, "书名", plain)
        sheet.merge_range(1, 1, 1, 2, "价格", plain)
        sheet.write_row(2, 1, ["单价", "套价"])
        sheet.merge_range(1, 3, 2, 3, "册数", plain)
        sheet.write_row(3, 0, ["红楼梦", "59.70", "120.00", "3"])

    with open_table(xlsx(write), name="a.xlsx") as table:
        sheet = table.sheets[0]
        assert sheet.header.titles == ("书名", "价格/单价", "价格/套价", "册数")
        assert sheet.header.row_numbers == (2, 3)
        rows = list(sheet.rows)
        mapping = guess_mapping(sheet.header, rows, BOOK_FIELDS)
        assert [row.cells for row in rows] == [("红楼梦", "59.70", "120.00", "3")]
        assert mapping.values(rows[0]) == {
            "title": "红楼梦", "price": "59.70", "set_price": "120.00", "copies": "3",
        }  # fmt: skip


def test_html_headers_with_spans_are_joined_too() -> None:
    data = html(
        "<tr><td rowspan=2>书名</td><td colspan=2>价格</td></tr><tr><td>单价</td><td>套价</td></tr>"
        "<tr><td>红楼梦</td><td>59.7</td><td>120</td></tr>"
    )
    with open_table(data, name="a.xls") as table:
        assert table.sheets[0].header.titles == ("书名", "价格/单价", "价格/套价")
        assert [row.cells for row in table.sheets[0].rows] == [("红楼梦", "59.7", "120")]


def test_a_class_merged_over_its_pupils_is_given_to_each_with_a_note() -> None:
    def write(book: Any, sheet: Any) -> None:
        sheet.write_row(0, 0, ["班级", "姓名", "借书证号"])
        sheet.merge_range(1, 0, 3, 0, "三(2)班", book.add_format())
        sheet.write_column(1, 1, ["甲一", "乙二", "丙三"])
        sheet.write_column(1, 2, ["0301", "0302", "0303"])

    with open_table(xlsx(write), name="a.xlsx") as table:
        rows = list(table.sheets[0].rows)
    assert [row.cells[0] for row in rows] == ["三(2)班"] * 3
    assert [len(row.notes) for row in rows] == [0, 1, 1]


def test_repeated_headers_totals_and_signatures_are_skipped_with_their_reason() -> None:
    sheet = sheet_of(
        "书名,作者,出版社,册数,定价\n红楼梦,曹雪芹,人民文学出版社,2,59.7\n小计,,,2,\n书 名,作者,出版社,册数,定价\n"
        "合计利润,李四,某某出版社,1,20\n合 计,,,3,79.7\n制表人:张某,,审核:李某,,\n"
    )
    assert [(row.number, row.skip) for row in sheet.every_row()] == [
        (2, ""), (3, "footer"), (4, "repeated_header"), (5, ""), (6, "footer"), (7, "footer"),
    ]  # fmt: skip
    assert [row.cells[0] for row in sheet.rows] == ["红楼梦", "合计利润"]


@pytest.mark.parametrize(
    "line", ["制表：王老师", "填表人: 李", "审核：张校长", "校长：张", "单位：光明小学", "合计：3"]
)
def test_a_signature_line_is_no_book(line: str) -> None:
    sheet = sheet_of(f"书名,作者,册数,价格\n红楼梦,曹雪芹,3,20.00\n{line},,,\n")
    assert [row.skip for row in sheet.every_row()] == ["", "footer"]


def test_columns_without_title_get_their_letter_and_double_titles_a_number() -> None:
    sheet = sheet_of("书名,价格,,价格\n红楼梦,1.0,x,2.0\n")
    assert sheet.header.titles == ("书名", "价格", "C", "价格 (2)")
    assert [(warning.code, *warning.params.values()) for warning in sheet.warnings] == [
        ("untitled_columns", "", "C"), ("duplicate_titles", "", "价格"),
    ]  # fmt: skip


def test_cells_beyond_the_header_are_told_and_short_rows_filled() -> None:
    sheet = sheet_of("书名,作者\n" + "甲书,甲\n" * 80 + "乙书\n丙书,丙,多余\n")
    last = list(sheet.rows)[-2:]
    assert [row.cells for row in last] == [("乙书", ""), ("丙书", "丙")]
    assert last[1].notes == ((-1, "extra_cells", ""),)


def test_without_any_header_columns_are_guessed_by_content() -> None:
    text = (
        "9787806041574,毛泽东诗词鉴赏,长春出版社,16.80元\n9787101070927,毛泽东诗词欣赏集,中华书局,20.00元\n"
    )
    sheet = sheet_of(text)
    assert not sheet.header.found
    assert [warning.code for warning in sheet.warnings] == ["no_header"]
    assert len(list(sheet.rows)) == 2
    assert fields_of(text) == {"isbn": "A", "title": "B", "publisher": "C", "price": "D"}


BOOK_HEADERS = [
    (
        "ISBN,书籍名称,作者,出版社,出版日期,页数,价格,主题,馆藏本数,索书号,内容简介,书籍位置",
        "9787806041574,《诗词》,公木著,长春出版社,1999重印,184页,CNY16.80,诗 -- 研究,5,A841.4,简介,1",
        "isbn title authors publisher pub_date pages price subjects copies call_number summary location",
    ),
    (
        "登录号,条码号,题名,责任者,出版者,出版年,版次,单价(元),中图分类号,书次号,馆藏地点,来源,单据号,批次号,登记日期,备注",
        "00001,A0001,红楼梦,曹雪芹著,人民文学出版社,1996,2版,59.70,I242.4,3,书库,购入,F12,2016-1,2016-09-01,无",
        "accession_number barcode title authors publisher pub_date edition price clc book_number location "
        "acquisition_kind document_number batch_number accession_date note",
    ),
    (
        "序號,書名,著者,出版社,標準書號,索書號,數量,單價,叢書名,開本,裝訂",
        "1,紅樓夢,曹雪芹,人民文學出版社,9787020002207,I242.4/3,2,59.7,古典,32開,平裝",
        "title authors publisher isbn call_number copies price series size binding",
    ),
    (
        "Title,Author,Publisher,Publication Year,ISBN-13,Call Number,Item Barcode,Price,Copies,Language,Notes",
        "Walden,Thoreau,Dover Publications,1995,9780486284958,I712,B0001,2.50,1,en,x",
        "title authors publisher pub_date isbn call_number barcode price copies language note",
    ),
    (
        "图书编号,图书名称,图书类别,著 者,册数,单价,套价,每套册数,卷次,分册名,适读年级,语种,注音,绘本",
        "T001,十万个为什么,Z228.1,本书编委会,1,20,200,10,第一卷,数学分册,三年级,中文,否,否",
        "accession_number title clc authors copies price set_price set_volumes volume volume_title audience "
        "language pinyin_annotated picture_book",
    ),
]


@pytest.mark.parametrize(("titles", "cells", "expected"), BOOK_HEADERS)
def test_book_columns_are_known_by_their_wordings(titles: str, cells: str, expected: str) -> None:
    found = fields_of(f"{titles}\n{cells}\n")
    names = expected.split()
    columns = [title for title in titles.replace("(元)", "").split(",") if title not in ("序號", "序号")]
    assert [
        title.replace("(元)", "").replace("著者", "著 者") for title in map(found.get, names) if title
    ] == [title if title != "著者" else "著 者" for title in columns]
    assert set(found) == set(names)


def test_patron_columns_are_known() -> None:
    text = "借书号,姓名,性别,单位,借书权限,借书额度,学号\n6201,李想想,男,六乙,开通,1,2016001\n"
    assert fields_of(text, PATRON_FIELDS) == {
        "card": "借书号", "name": "姓名", "sex": "性别", "unit": "单位", "status": "借书权限", "quota": "借书额度",
        "student_no": "学号",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "时间,单位,姓名,借书号,动作,ISBN,书名,书籍位置,还书期限\n"
            "2017-05-27 11:36:00,六乙,李想想,6201,借书,9787534231728,《查理九世》,141,15\n",
            "time unit name card action isbn title location due",
        ),
        (
            "读者证号,读者姓名,读者单位,文献条码,题名,借出日期,应还日期,归还日期,操作员\n"
            "6201,李想想,六(1)班,A0001,查理九世,2017-05-27,2017-06-11,2017-06-01,王某\n",
            "card name unit barcode title lent_time due returned_time operator",
        ),
        (
            "checkout,return,borrower_no,barcode,branch_out,branch_in\n2019-01-01 08:54,2019-01-27 08:36,61,99,70,\n",
            "lent_time returned_time card barcode location branch_in",
        ),
    ],
)
def test_loan_logs_of_both_shapes_are_known(text: str, expected: str) -> None:
    titles = text.partition("\n")[0].split(",")
    found = fields_of(text, LOAN_FIELDS)
    assert found == dict(zip(expected.split(), titles, strict=True)) or set(found.items()) == set(
        zip(expected.split(), titles, strict=True)
    )
    sheet = sheet_of(text)
    assert guess_kind(sheet.header, sheet.sample()) == "loans"


def test_content_settles_what_titles_leave_open() -> None:
    header = "编号,名称,类别,价\n"
    assert fields_of(header + "A001,红楼梦,I242.4,59.7\n")["clc"] == "类别"
    assert "clc" not in fields_of(header + "A001,红楼梦,文学类,59.7\n")


def test_the_kind_of_a_list_is_told_by_its_columns() -> None:
    for text, kind in (
        ("书名,作者,出版社,定价\n红楼梦,曹雪芹,人民文学出版社,59.7\n", "books"),
        ("班级,姓名,借书证号\n六乙,李想想,6201\n", "patrons"),
        ("甲,乙\n丙,丁\n", "books"),
    ):
        sheet = sheet_of(text)
        assert guess_kind(sheet.header, sheet.sample()) == kind


def test_a_saved_mapping_finds_columns_that_moved_and_tells_what_is_missing() -> None:
    sheet = sheet_of("书名,作者,定价\n红楼梦,曹雪芹,59.7\n")
    saved = guess_mapping(sheet.header, sheet.sample(), BOOK_FIELDS).to_json()
    moved = sheet_of("序号,定价,书名\n1,59.7,红楼梦\n")
    mapping = Mapping.from_json(saved, moved.header, BOOK_FIELDS)
    assert mapping.values(next(moved.rows)) == {"title": "红楼梦", "price": "59.7"}
    assert mapping.unused == (0,)
    assert Mapping.from_json(
        {"columns": {"title": ["x"], "no": [0, "书名"]}}, moved.header, BOOK_FIELDS
    ).missing == ("title",)
    malformed: tuple[object, ...] = (None, [], "x", {"columns": 3})
    for nonsense in malformed:
        assert Mapping.from_json(nonsense, moved.header, BOOK_FIELDS).columns == {}


def test_a_person_may_put_a_field_on_another_column_or_on_none() -> None:
    sheet = sheet_of("书名,别名\n红楼梦,石头记\n")
    mapping = guess_mapping(sheet.header, sheet.sample(), BOOK_FIELDS)
    row = next(sheet.rows)
    assert mapping.with_column("title", 1, sheet.header).get(row, "title") == "石头记"
    assert mapping.with_column("title", None, sheet.header).get(row, "title") == ""
    assert mapping.with_column("title", None, sheet.header).missing == ("title",)


def test_guessing_twice_gives_the_same() -> None:
    text = BOOK_HEADERS[1][0] + "\n" + BOOK_HEADERS[1][1] + "\n"
    assert fields_of(text) == fields_of(text)


@pytest.mark.parametrize(
    ("word", "act"),
    [
        ("借书", "check_out"), ("借出", "check_out"), ("Check-out", "check_out"), ("还书", "check_in"),
        ("归还", "check_in"), ("歸還", "check_in"), ("续借", "renew"), ("丢书", "mark_lost"), ("遗失", "mark_lost"),
        ("checked in", "check_in"), ("预约", None), ("", None),
    ],
)  # fmt: skip
def test_words_of_loan_logs_name_acts(word: str, act: str | None) -> None:
    assert loan_action(word) == act


def test_no_field_lists_a_wording_twice_and_every_field_has_one() -> None:
    for fields in (BOOK_FIELDS, PATRON_FIELDS, LOAN_FIELDS):
        assert len({field.name for field in fields}) == len(fields)
        for field in fields:
            assert field.synonyms
            assert len(set(field.synonyms)) == len(field.synonyms)
