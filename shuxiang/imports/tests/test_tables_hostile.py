"""Damaged, hostile and mistaken files: a clear sentence, never a traceback, never an exhausted machine."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shuxiang.imports.tables import MESSAGES, Limits, TableError, guess_kind, open_table
from shuxiang.imports.tests.biff import SMALL_XLS
from shuxiang.imports.tests.test_tables_formats import excel_2003, html, ods, ods_row, rows_of_text, xlsx

SMALL = Limits(max_rows=1000, max_columns=100, max_cells=20_000, max_sheets=3, max_unpacked_bytes=4 << 20)


def read_all(data: bytes, limits: Limits = SMALL) -> int:
    with open_table(data, name="文件.xlsx", limits=limits) as table:
        count = 0
        for sheet in table.sheets:
            guess_kind(sheet.header, sheet.sample())
            count += sum(1 for _ in sheet.every_row())
        return count


def refusal(data: bytes, limits: Limits = SMALL) -> str:
    with pytest.raises(TableError) as caught:
        read_all(data, limits)
    assert "文件.xlsx" in str(caught.value)
    assert caught.value.code in MESSAGES
    return caught.value.code


def workbook(sheet_xml: bytes, *, doctype: bytes = b"", part: str = "worksheets/sheet1.xml") -> bytes:
    """A minimal .xlsx around raw sheet XML."""
    buffer = io.BytesIO()
    main = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "_rels/.rels",
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship '
            f'Id="rId1" Type="{relations}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        )
        archive.writestr(
            "xl/workbook.xml",
            b"<workbook " + main + f' xmlns:r="{relations}"><sheets>'.encode()
            + b'<sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>',
        )  # fmt: skip
        archive.writestr(
            "xl/_rels/workbook.xml.rels",
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship '
            f'Id="rId1" Type="{relations}/worksheet" Target="{part}"/></Relationships>',
        )
        start = b'<?xml version="1.0"?>' + doctype + b"<worksheet " + main + b"><sheetData>"
        archive.writestr(f"xl/{part}", start + sheet_xml + b"</sheetData></worksheet>")
    return buffer.getvalue()


def cell(place: str, text: str = "x") -> bytes:
    return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'.encode()


def row(number: int, *cells: bytes) -> bytes:
    return f'<row r="{number}">'.encode() + b"".join(cells) + b"</row>"


def test_the_minimal_workbook_used_here_is_itself_readable() -> None:
    assert (
        read_all(workbook(row(1, cell("A1", "书名"), cell("B1", "作者")) + row(2, cell("A2"), cell("B2"))))
        == 1
    )


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b"\n\n   \n", "no_table"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 64, "image"),
        (b"\xff\xd8\xff\xe0" + b"\0" * 64, "image"),
        (b"%PDF-1.7 ...", "pdf"),
        (b"00714nam0 2200253   450 001001300000", "marc_damaged"),
        (b'<?xml version="1.0"?><collection xmlns="http://www.loc.gov/MARC21/slim">', "marc"),
        (b"MZ\x90\x00" + b"\0" * 64, "not_a_table"),
        (bytes(range(256)) * 40, "unknown_format"),
        (xlsx(lambda book, sheet: sheet.write(0, 0, "书名"))[:-200], "damaged"),
        (xlsx(lambda book, sheet: None), "no_table"),
        (SMALL_XLS[:2000], "damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "damaged"),
        (b"\x1f\x8b\x08\x00garbage", "damaged"),
        (b"\x28\xb5\x2f\xfdgarbage", "damaged"),
        (html("")[:40], "no_table"),
        (excel_2003("<Row><Cell>").encode(), "damaged"),
    ],
)
def test_what_is_no_readable_table_is_refused_by_its_kind(data: bytes, code: str) -> None:
    assert refusal(data) == code


def test_other_office_files_and_archives_are_named() -> None:
    for member, code in (
        ("word/document.xml", "word"),
        ("ppt/slide.xml", "unknown_format"),
        ("a.csv", "archive"),
    ):
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            archive.writestr(member, "x")
        assert refusal(buffer.getvalue()) == code


def test_an_archive_with_a_password_is_told() -> None:
    data = bytearray(workbook(row(1, cell("A1"))))
    at = data.find(b"PK\x01\x02")
    data[at + 8] |= 1
    assert refusal(bytes(data)) == "encrypted"


def test_an_encrypted_open_document_is_told() -> None:
    buffer = io.BytesIO(ods(ods_row("书名")))
    with zipfile.ZipFile(buffer, "a") as archive:
        archive.writestr("META-INF/manifest.xml", "<manifest:encryption-data/>")
    assert refusal(buffer.getvalue()) == "encrypted"


def test_a_filepass_record_means_a_password() -> None:
    at = SMALL_XLS.find(struct.pack("<HHH", 0x0809, 16, 0x0600))
    assert at > 0
    data = bytearray(SMALL_XLS)
    data[at + 20 : at + 22] = struct.pack("<H", 0x002F)
    assert refusal(bytes(data)) == "encrypted"


def test_cells_far_apart_are_refused_before_memory_is_taken() -> None:
    assert refusal(workbook(row(1, cell("A1")) + row(1_048_576, cell("XFD1048576")))) == "too_many_columns"
    assert refusal(workbook(row(1, cell("A1")) + row(1_048_576, cell("A1048576")))) == "too_many_rows"
    assert refusal(workbook(row(1, cell("A1")) + row(900, cell("CV900")))) == "too_many_cells"
    assert refusal(workbook(row(1, cell("XFD1")), part="styles.xml")) == "too_many_columns"
    hidden = b'<c s=">" r="XFD1048576" t="inlineStr"><is><t>x</t></is></c>'
    assert refusal(workbook(row(1, cell("A1")) + row(2, hidden))) == "damaged"


def test_a_million_columns_are_refused_in_every_format() -> None:
    wide = 1_000_000
    assert refusal(b",".join([b"x"] * wide)) == "too_many_columns"
    cells = "<Cell><Data ss:Type='String'>x</Data></Cell>"
    assert refusal(excel_2003(f"<Row>{cells * 200}</Row>").encode()) == "too_many_columns"
    far = f"<Row><Cell ss:Index='{wide}'><Data ss:Type='String'>x</Data></Cell></Row>"
    assert refusal(excel_2003(far).encode()) == "too_many_columns"
    repeated = f'<table:table-row><table:table-cell table:number-columns-repeated="{wide}">'
    assert (
        refusal(ods(repeated + "<text:p>x</text:p></table:table-cell></table:table-row>"))
        == "too_many_columns"
    )
    assert refusal(html("<tr>" + "<td>x</td>" * 200 + "</tr>")) == "too_many_columns"
    assert read_all(html(f"<tr><td colspan={wide} rowspan={wide}>书名</td></tr><tr><td>x</td></tr>")) <= 1


def test_repeated_rows_do_not_multiply_without_end() -> None:
    bomb = '<table:table-row table:number-rows-repeated="999999999"><table:table-cell><text:p>x</text:p>'
    assert refusal(ods(ods_row("书名") + bomb + "</table:table-cell></table:table-row>")) == "too_many_rows"


def test_too_many_rows_of_text_are_refused() -> None:
    assert refusal(b"a,b\n" * 2000) == "too_many_rows"


def test_zip_bombs_are_refused_by_directory_and_by_content() -> None:
    big = workbook(row(1, cell("A1", " " * (5 << 20))))
    assert refusal(big) == "unpacks_too_large"
    dense = Limits(ratio_applies_above_bytes=1 << 20)
    assert refusal(big, dense) == "suspicious_compression"
    lying = bytearray(big)
    for signature, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        at = lying.rfind(signature)
        lying[at + offset : at + offset + 4] = struct.pack("<I", 100)
    assert refusal(bytes(lying)) == "damaged"
    assert refusal(zlib.compress(b"x" * (5 << 20), wbits=31)) == "unpacks_too_large"


def test_entities_are_refused_in_every_xml() -> None:
    doctype = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
    assert refusal(workbook(row(1, cell("A1")), doctype=doctype.encode())) == "forbidden_xml"
    page = excel_2003("<Row><Cell><Data ss:Type='String'>&b;</Data></Cell></Row>")
    assert refusal(page.replace("<Workbook", doctype + "<Workbook").encode()) == "forbidden_xml"


def test_a_sheet_limit_holds() -> None:
    def write(book: Any, sheet: Any) -> None:
        for _ in range(4):
            book.add_worksheet().write(0, 0, "书名")

    assert refusal(xlsx(write)) == "too_many_sheets"


def test_every_message_names_its_parameters_and_no_others() -> None:
    params = {
        "name": "a", "sheet": "s", "limit": 1, "limit_mb": 1, "size_mb": 2, "ratio": 3, "reason": "r", "row": 4,
        "column": "B", "length": 5,
    }  # fmt: skip
    for code in MESSAGES:
        assert "%(" not in str(TableError(code, **params))


SEEDS = (
    xlsx(lambda book, sheet: [sheet.write_row(index, 0, ["书名", 1, "x"]) for index in range(5)]),
    SMALL_XLS,
    ods(ods_row("书名", "作者") + ods_row("红楼梦", "曹雪芹")),
    html("<tr><td>书名</td></tr><tr><td rowspan=2>x</td><td>y</td></tr>"),
    excel_2003("<Row><Cell><Data ss:Type='String'>书名</Data></Cell></Row>").encode("utf-16"),
    rows_of_text().encode("gbk"),
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.binary(max_size=2000))
def test_random_bytes_raise_nothing_but_a_table_error(data: bytes) -> None:
    try:
        read_all(data)
    except TableError as error:
        assert str(error)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from(SEEDS),
    st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), max_size=8),
    st.floats(0.1, 1),
)
def test_broken_files_raise_nothing_but_a_table_error(
    seed: bytes, changes: list[tuple[float, int]], kept: float
) -> None:
    data = bytearray(seed)
    for place, byte in changes:
        data[int(place * len(data))] = byte
    try:
        read_all(bytes(data[: max(1, int(kept * len(data))) if kept < 0.99 else len(data)]))
    except TableError as error:
        assert str(error)


def test_a_reader_that_dies_is_a_damaged_file_not_a_dead_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shuxiang.imports.tables.child._START", "import os; os.abort()")
    assert refusal(SMALL_XLS) == "damaged"
