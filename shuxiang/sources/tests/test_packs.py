"""Packs: files of records that are loaded, found in, and removed again."""

import io
from uuid import uuid4

import pytest

from shuxiang import marc
from shuxiang.audit import jobs
from shuxiang.common.decisions import Refused
from shuxiang.common.ids import uuid7
from shuxiang.files.selectors import path
from shuxiang.libraries.models import Library
from shuxiang.sources import selectors
from shuxiang.sources.messages import pack_line
from shuxiang.sources.models import Pack, PackNumber, PackRecord
from shuxiang.sources.services import bring, loading, look_up, remove
from shuxiang.sources.tests.conftest import AT, BY, cnmarc

RECORDS = [
    cnmarc("草房子", "978-7-5346-4018-5", "I287.45"),
    cnmarc("青铜葵花", "7-5346-3374-2", "I287.45"),
    cnmarc("草房子 注音版"),
    cnmarc("?"),
]


def iso(records: list[marc.MarcRecord], encoding: str = "gb18030") -> bytes:
    return b"".join(marc.write_iso2709(record, encoding) for record in records)


def brought(library: Library, content: bytes, name: str = "pack.iso") -> Pack:
    pack = bring(io.BytesIO(content), name="省馆数据", file_name=name, library=library, by=BY, at=AT)
    jobs.run_pending()
    pack.refresh_from_db()
    return pack


def test_a_pack_is_loaded_and_says_what_became_of_every_record(library: Library) -> None:
    pack = brought(library, iso(RECORDS) + b"00026nam0 2200025   450 \x1e\x1d")
    counts = (pack.rows_read, pack.rows_made, pack.rows_skipped, pack.rows_refused)
    assert (pack.state, counts) == ("ready", (5, 3, 1, 1))
    assert pack.rows_read == pack.rows_made + pack.rows_skipped + pack.rows_refused
    assert "5" in pack_line(pack)
    assert [one["position"] for one in pack.first_refusals] == [5]
    assert not path(pack.file).exists()  # the records are in the database now


@pytest.mark.parametrize(
    ("asked", "titles"),
    [
        ({"isbn": "9787534640185"}, ["草房子"]),
        ({"isbn": "7534633742"}, ["青铜葵花"]),
        ({"title": "草房子"}, ["草房子", "草房子 注音版"]),
        ({"title": "《草房子》"}, ["草房子", "草房子 注音版"]),
        ({"title": "没有"}, []),
        ({"isbn": "9787302354567"}, []),
    ],
)
def test_a_pack_is_found_in_by_isbn_and_by_title(
    library: Library, asked: dict[str, str], titles: list[str]
) -> None:
    brought(library, iso(RECORDS))
    found = look_up(at=AT, ask_targets=False, **asked)  # type: ignore[arg-type]
    assert [one.projection.title for one in found] == titles
    assert {one.source for one in found} <= {"省馆数据"}


def test_a_record_of_a_pack_keeps_its_bytes_and_encoding(library: Library) -> None:
    brought(library, iso(RECORDS[:1]))
    (found,) = look_up(isbn="9787534640185", at=AT)
    assert (found.raw, found.encoding, found.profile) == (iso(RECORDS[:1]), "gb18030", "cnmarc")
    again = selectors.fetch(found.reference)
    assert again is not None and again.record == found.record


def test_marcxml_is_a_pack_too(library: Library) -> None:
    pack = brought(library, b"".join(marc.write_marcxml(RECORDS)), "pack.xml")
    assert (pack.state, pack.rows_made) == ("ready", 3)
    assert [one.projection.title for one in look_up(title="青铜葵花", at=AT)] == ["青铜葵花"]


def test_a_file_without_records_fails_and_is_found_in_by_nobody(library: Library) -> None:
    pack = brought(library, b"this is a letter to the editor")
    assert (pack.state, pack.rows_made) == ("failed", 0)
    assert not look_up(title="letter", at=AT).found


def test_an_empty_file_is_refused_and_leaves_nothing(library: Library) -> None:
    with pytest.raises(Refused) as refusal:
        bring(io.BytesIO(b""), name="", file_name="leer.iso", library=library, by=BY, at=AT)
    assert refusal.value.codes == ("file_empty",)
    assert not Pack.objects.exists()


def test_the_same_file_is_not_loaded_twice(library: Library) -> None:
    brought(library, iso(RECORDS))
    with pytest.raises(Refused) as refusal:
        bring(io.BytesIO(iso(RECORDS)), name="again", file_name="b.iso", library=library, by=BY, at=AT)
    assert refusal.value.codes == ("pack_there",)


def test_the_same_upload_sent_twice_is_one_pack(library: Library) -> None:
    key = uuid7()
    both = [
        bring(
            io.BytesIO(iso(RECORDS)), name="", file_name="p.iso", library=library, by=BY, at=AT, pack_id=key
        )
        for _ in range(2)
    ]
    assert both[0].pk == both[1].pk
    assert Pack.objects.count() == 1


def test_a_removed_pack_is_out_of_use_at_once_and_then_gone(library: Library) -> None:
    pack = brought(library, iso(RECORDS))
    remove(pack, by=BY, at=AT)
    assert not look_up(isbn="9787534640185", at=AT).found
    jobs.run_pending()
    pack.refresh_from_db()
    assert pack.state == "removed"
    assert not PackRecord.objects.exists() and not PackNumber.objects.exists()
    assert list(selectors.packs()) == []
    assert brought(library, iso(RECORDS)).state == "ready"  # and may come again


def test_loading_goes_on_where_it_was_interrupted(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    many = [cnmarc(f"第{n}本书") for n in range(7)]
    monkeypatch.setattr(loading, "CHUNK", 2)
    pack = bring(io.BytesIO(iso(many)), name="", file_name="p.iso", library=library, by=BY, at=AT)
    answers = iter([False, False, True])
    jobs.run(jobs.claim() or pytest.fail("nothing was queued"), lambda: next(answers))
    pack.refresh_from_db()
    assert (pack.state, pack.rows_read) == ("loading", 4)
    jobs.run_pending()
    pack.refresh_from_db()
    assert (pack.state, pack.rows_read, pack.rows_made) == ("ready", 7, 7)
    assert list(PackRecord.objects.order_by("position").values_list("position", flat=True)) == list(
        range(1, 8)
    )


def test_a_pack_removed_while_it_loads_stops_and_leaves_nothing(library: Library) -> None:
    pack = bring(io.BytesIO(iso(RECORDS)), name="", file_name="p.iso", library=library, by=BY, at=AT)
    remove(pack, by=BY, at=AT)
    jobs.run_pending()
    pack.refresh_from_db()
    assert pack.state == "removed"
    assert not PackRecord.objects.exists()


def test_there_is_no_pack_with_a_made_up_key(db: None) -> None:
    assert selectors.find_pack(uuid4()) is None
