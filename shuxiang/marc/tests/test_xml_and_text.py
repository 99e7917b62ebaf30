"""MARCXML in all its wrappings, hostile XML, and records pasted from screens."""

from __future__ import annotations

from pathlib import Path

import pytest

from shuxiang.marc import BadRecord, RawRecord, project, read_marc, write_marcxml
from shuxiang.marc.tests.build import cnmarc_record

pytestmark = pytest.mark.engine_free
DATA = Path(__file__).parent / "data"
RECORD = (
    "<record><leader>00000nam0 2200000   450 </leader>"
    '<datafield tag="200" ind1="1" ind2=" "><subfield code="a">%s</subfield></datafield></record>'
)


def titles(source: bytes) -> list[str]:
    found = []
    for item in read_marc(source):
        found.append(item.code if isinstance(item, BadRecord) else project(item.record, item.profile).title)
    return found


def test_an_sru_answer_of_the_chinese_namespace_gives_its_records_once() -> None:
    found = list(read_marc((DATA / "bnu_sru_cnmarc.xml").read_bytes()))
    assert [item.position for item in found] == [1, 2]
    assert all(
        isinstance(item, RawRecord) and item.profile == "cnmarc" and not item.warnings for item in found
    )


def test_the_bytes_kept_of_an_xml_record_read_back_as_the_same_record() -> None:
    for item in read_marc((DATA / "bnu_sru_cnmarc.xml").read_bytes()):
        assert isinstance(item, RawRecord)
        [again] = read_marc(item.raw)
        assert isinstance(again, RawRecord)
        assert again.record == item.record


@pytest.mark.parametrize(
    "form",
    [
        "<collection>{0}{0}</collection>",
        '<collection xmlns="http://www.loc.gov/MARC21/slim">{0}{0}</collection>',
        "<OAI-PMH><ListRecords><record><metadata>{0}</metadata></record>"
        "<record><metadata>{0}</metadata></record></ListRecords></OAI-PMH>",
        '<?xml version="1.0"?>\n{0}\n{0}',
    ],
)
def test_records_are_found_in_any_wrapping(form: str) -> None:
    assert titles(form.format(RECORD % "春").encode()) == ["春", "春"]


def test_a_declared_encoding_and_utf16_are_followed() -> None:
    text = f"<collection>{RECORD % '红楼梦'}</collection>"
    assert titles(('<?xml version="1.0" encoding="GBK"?>' + text).encode("gbk")) == ["红楼梦"]
    assert titles(text.encode("utf-16")) == ["红楼梦"]


def billion_laughs() -> str:
    entities = '<!ENTITY a0 "ha">' + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    return f"<!DOCTYPE x [{entities}]><collection>{RECORD % '&a9;'}</collection>"


@pytest.mark.parametrize(
    "document",
    [
        billion_laughs(),
        f'<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/hostname">]><collection>{RECORD % "&f;"}</collection>',
        f'<!DOCTYPE x SYSTEM "http://192.0.2.1/x.dtd"><collection>{RECORD % "a"}</collection>',
        f"<!-- {'x' * 100_000} --><!DOCTYPE x><collection>{RECORD % 'a'}</collection>",
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_document_type_is_refused_with_one_sentence(document: str, encoding: str) -> None:
    assert titles(document.encode(encoding)) == ["xml_doctype_refused"]


def test_broken_xml_is_read_to_its_end_and_named() -> None:
    lines = ["<collection>", RECORD % "one", RECORD % "a & b", RECORD % "three", "</collection>"]
    found = list(read_marc("\n".join(lines).encode()))
    records = [item for item in found if isinstance(item, RawRecord)]
    assert len(records) == len(found) == 3
    assert [[warning.code for warning in item.warnings] for item in records] == [[], ["xml_repaired"], []]
    assert records[1].warnings[0].params == {"line": 3}


def test_a_file_cut_off_in_a_record_gives_that_record_with_a_warning() -> None:
    source = f"<collection>{RECORD % 'one'}\n{RECORD % 'two'}".encode()
    found = list(read_marc(source[:-20]))
    assert [len(item.warnings) for item in found if isinstance(item, RawRecord)] == [0, 1]


def test_a_file_cut_off_between_records_says_so() -> None:
    assert titles(f"<collection>{RECORD % 'one'}\n\n".encode()) == ["one", "xml_broken"]


def test_other_xml_is_no_marc() -> None:
    assert titles(b"<html><body>no</body></html>") == ["xml_empty"]


def test_markup_in_a_title_stays_text() -> None:
    record = cnmarc_record(title='<script>alert("x")</script> & more\r\n')
    [item] = read_marc(b"".join(write_marcxml([record])))
    assert isinstance(item, RawRecord)
    assert item.record == record


def test_what_the_national_library_page_shows_is_read() -> None:
    [item] = read_marc((DATA / "paste_nlc_aleph.txt").read_bytes())
    assert isinstance(item, RawRecord)
    columns = project(item.record, item.profile)
    assert (columns.title, columns.publisher, columns.isbns[0].raw) == (
        "小王子",
        "中译出版社",
        "978-7-5001-6208-7",
    )
    assert (columns.clc, columns.audience, item.record.leader[5:8]) == ("I565.8", ("e", "m"), "nam")


def test_what_a_z3950_window_shows_is_read() -> None:
    [item] = read_marc((DATA / "paste_tcmarc.txt").read_bytes())
    assert isinstance(item, RawRecord)
    columns = project(item.record, item.profile)
    assert (columns.title, columns.clc, columns.authors[0].role) == ("评说 鼓励 鞭策", "I206.7", "主编")
    fixed = item.record.get("105")
    assert fixed is not None and fixed.get("a") == "h   z   000yy"


@pytest.mark.parametrize("mark", ["ǂ", "▼", "$", "@", "|", "‡"])
@pytest.mark.parametrize("head", ["2001 {0}a", "200 1 {0}a", "200 1^{0}a", "200\t1#{0}a", "=200  1\\{0}a"])
def test_any_mark_and_any_way_to_write_blanks_will_do(mark: str, head: str) -> None:
    text = f"^^^^^nam0^2200313^^^450^\n001 12345\n{head.format(mark)}春天{mark}f林一苇著\n210   {mark}a北京{mark}c某社\n"
    for encoding in ("utf-8", "gbk") if mark in "▼$@|" else ("utf-8",):
        [item] = read_marc(text.encode(encoding))
        assert isinstance(item, RawRecord)
        columns = project(item.record, item.profile)
        assert (columns.title, columns.responsibility, columns.publisher) == ("春天", "林一苇著", "某社")
        field = item.record.get("200")
        assert field is not None and field.indicators == "1 "
        assert item.record.leader[5:8] == "nam"


def test_several_records_can_be_pasted_together() -> None:
    one = "001 1\n2001 ▼a甲▼f某著\n690  ▼aI2\n"
    assert titles(f"{one}\n{one}***\n{one}{one}".encode()) == ["甲"] * 4
