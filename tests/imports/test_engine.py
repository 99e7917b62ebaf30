"""The engine: chunks, resumption, profiles, undo's limits, and bad files that leave nothing half-done."""

import errno
import io
import json
import os
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import IntegrityError

from shuxiang.audit import reconcile
from shuxiang.catalogue.models import BibliographicRecord
from shuxiang.files.models import StoredFile
from shuxiang.files.selectors import path as path_of
from shuxiang.holdings.imports import undo
from shuxiang.holdings.imports.session import BookSession
from shuxiang.holdings.models import AccessionBatch, Item
from shuxiang.holdings.services import reversing
from shuxiang.imports import reports, services
from shuxiang.imports.messages import sentence
from shuxiang.imports.models import Profile, Run
from shuxiang.imports.services import CannotUndo, NotImported, running
from shuxiang.imports.tables import write_xlsx
from shuxiang.imports.tests.builders import AT, BY, Desk, new_library

HEAD = ["书名", "ISBN", "册数"]


@pytest.fixture
def desk(db: None, tmp_path: Path, settings: LazySettings) -> Desk:
    settings.MEDIA_ROOT = tmp_path / "files"
    return Desk(new_library(), tmp_path)


def _books(count: int) -> list[list[str]]:
    return [HEAD, *([f"书{n}", "", "2"] for n in range(count))]


@pytest.fixture
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "_FIRST_CHUNK", 3)
    monkeypatch.setattr(running, "_SMALLEST", 3)
    monkeypatch.setattr(running, "_LARGEST", 3)


@pytest.mark.usefixtures("small_chunks")
@pytest.mark.parametrize("dies_after", [0, 1, 2])
def test_a_run_that_dies_goes_on_where_it_was(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, dies_after: int
) -> None:
    real, calls = BookSession.carry_out, []

    def dying(self: BookSession, *given: object) -> None:
        calls.append(1)
        real(self, *given)  # type: ignore[arg-type]
        if len(calls) > dies_after:
            raise KeyboardInterrupt  # inside the transaction: like a kill, the chunk is lost whole

    monkeypatch.setattr(BookSession, "carry_out", dying)
    with pytest.raises(KeyboardInterrupt):
        desk.load("books", _books(8))
    run = Run.objects.get()
    assert (run.state, run.next_row) == ("running", 3 * dies_after)
    assert Item.objects.count() == 6 * dies_after
    assert reconcile.run().is_clean
    monkeypatch.setattr(BookSession, "carry_out", real)
    assert [one.pk for one in services.recover(by=BY, at=AT)] == [run.pk]
    run.refresh_from_db()
    assert (run.state, run.rows_read, run.rows_made) == ("done", 8, 8)
    assert Item.objects.filter(account="shelf").count() == 16
    assert AccessionBatch.objects.get().volumes == 16
    assert services.recover(by=BY, at=AT) == []


@pytest.mark.usefixtures("small_chunks")
def test_a_run_that_fails_is_named_and_can_be_undone(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    real, calls = BookSession.carry_out, []

    def failing(self: BookSession, *given: object) -> None:
        calls.append(1)
        if len(calls) > 1:
            raise IntegrityError("another act was faster, again and again")
        real(self, *given)  # type: ignore[arg-type]

    monkeypatch.setattr(BookSession, "carry_out", failing)
    with pytest.raises(IntegrityError):
        desk.load("books", _books(5))
    run = Run.objects.get()
    assert (run.state, run.rows_made) == ("failed", 3)
    monkeypatch.setattr(BookSession, "carry_out", real)
    assert desk.undo(run).reversed == {"records": 3, "items": 6}
    assert not BibliographicRecord.objects.filter(deleted_at=None).exists()


def test_the_last_line_reconciles_and_json_says_the_same(desk: Desk) -> None:
    run = desk.load("books", [*_books(2), ["坏", "", "许多"], ["合计", "", "4"]])
    report = reports.of_run(run)
    assert report.read == run.rows_read == sum(report.counts.values())
    assert report.counts["refused"] == 1
    assert str(run.pk) in list(report.tail())[-1]
    read_back = json.loads(json.dumps(report.to_json()))
    assert (read_back["read"], read_back["refused"]) == (report.read, 1)
    assert read_back["mapping"]["columns"]["title"] == [0, "书名"]


def test_a_profile_is_saved_and_used_again(desk: Desk) -> None:
    desk.load(
        "books",
        [["甲", "乙"], ["《红楼梦》", "9787020002207"], ["《三国演义》", "9787020008728"]],
        profile="甲乙",
    )
    saved = Profile.objects.get()
    assert saved.name == "甲乙"
    swapped = {"columns": {"title": [1, "乙"], "isbn": [0, "甲"]}}
    Profile.objects.update(mapping=swapped)
    run = desk.load("books", [["甲", "乙"], ["9787020024759", "水浒传"]], profile="甲乙")
    assert run.rows_made == 1
    assert BibliographicRecord.objects.filter(title="水浒传", isbn13="9787020024759").exists()


def test_undo_has_a_limit_of_thirty_days_and_is_done_once(desk: Desk) -> None:
    run = desk.load("books", _books(1))
    with pytest.raises(CannotUndo) as late:
        desk.undo(run, at=AT + timedelta(days=31))
    assert late.value.note.code == "undo_too_late"
    desk.undo(run, at=AT + timedelta(days=30))
    with pytest.raises(CannotUndo) as twice:
        desk.undo(run)
    assert twice.value.note.code == "already_undone"


def test_an_undo_that_was_killed_says_at_its_end_all_that_went(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = desk.load("books", _books(8))
    monkeypatch.setattr(reversing, "CHUNK", 4)
    monkeypatch.setattr(undo, "_CHUNK", 3)
    for place, name, after in ((reversing, "_untouched", 2), (undo, "_unused", 1)):
        real = getattr(place, name)
        calls: list[int] = []

        def dying(*given: object, real: Any = real, calls: list[int] = calls, after: int = after) -> object:
            calls.append(1)
            if len(calls) > after:
                raise KeyboardInterrupt
            return real(*given)

        with monkeypatch.context() as while_dying:
            while_dying.setattr(place, name, dying)
            with pytest.raises(KeyboardInterrupt):
                desk.undo(run)
    undone = desk.undo(run)
    assert (dict(undone.reversed), undone.kept) == ({"records": 8, "items": 16}, ())
    assert reconcile.run().is_clean


def test_lists_of_readers_are_not_kept_on_the_disk(desk: Desk) -> None:
    desk.load("patrons", [["借书号", "姓名", "电话"], ["1", "甲某", "13800000000"]])
    assert not path_of(StoredFile.objects.get()).exists()


def test_a_full_disk_imports_nothing_and_says_so(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    path = desk.table(_books(3))

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(NotImported) as problem:
        desk.load("books", path)
    assert problem.value.note.code == "not_stored"
    assert sentence(problem.value.note).count("%") == 0
    assert not Run.objects.exists()
    assert not BibliographicRecord.objects.exists()


def _zip_bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (80 << 20))
    return out.getvalue()


def _with_entities() -> bytes:
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    declared = f'<!DOCTYPE x [<!ENTITY l0 "ha">{laughs}]>'
    return f'<?xml version="1.0"?>{declared}<collection><record>&l9;</record></collection>'.encode()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00\x01\x02" * 500,
        b"PK\x03\x04" + b"\x00" * 200,
        b"\x1f\x8b\x08\x00broken",
        b"\x89PNG\r\n\x1a\n" + b"\x00" * 100,
        b"%PDF-1.4 nothing",
        (",".join(f"c{n}" for n in range(100_000)) + "\n" + ",".join("x" * 100_000)).encode(),
        pytest.param(_zip_bomb(), id="zip bomb"),
        pytest.param(_with_entities(), id="entities"),
    ],
)
def test_a_file_that_is_no_list_is_answered_with_a_sentence_and_leaves_nothing(
    desk: Desk, content: bytes
) -> None:
    try:
        run = desk.load("books", content)
    except NotImported as problem:
        words = sentence(problem.note)
        assert words
        assert "%(" not in words
    else:
        assert run.rows_made == 0
        assert run.rows_refused == run.rows_read > 0
    assert not BibliographicRecord.objects.exists()
    assert reconcile.run().is_clean


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_any_encoding_gives_the_same_titles(desk: Desk, encoding: str) -> None:
    text = "书名,作者,册数\r\n草房子,曹文轩,2\r\n狼王梦,沈石溪,1\r\n"
    desk.load("books", text.encode(encoding))
    assert set(BibliographicRecord.objects.values_list("title", flat=True)) == {"草房子", "狼王梦"}


def test_cells_that_look_like_formulas_stay_text(desk: Desk) -> None:
    desk.load("books", [HEAD, ['=HYPERLINK("http://x")', "", "1"]])
    assert BibliographicRecord.objects.get().title == '=HYPERLINK("http://x")'


def test_a_list_cut_off_in_the_middle_gives_what_is_whole_or_a_sentence(desk: Desk) -> None:
    path = desk.folder / "whole.xlsx"
    write_xlsx(path, HEAD, _books(50)[1:])
    cut = path.read_bytes()[:-400]
    with pytest.raises(NotImported) as problem:
        desk.load("books", cut)
    assert problem.value.note.code == "damaged"
    assert not Run.objects.exists()
