"""Drafts: what a page does with a file before it is imported, as jobs, without anything half-done."""

import io
import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
import xlsxwriter
from django.conf import LazySettings, settings
from django.db import transaction

from shuxiang.audit import jobs, operations, reconcile
from shuxiang.catalogue.models import BibliographicRecord
from shuxiang.common import clock, locks
from shuxiang.common.ids import uuid7
from shuxiang.files.models import StoredFile
from shuxiang.files.selectors import path as path_of
from shuxiang.holdings.models import Item, ItemAccount
from shuxiang.holdings.services.move import move
from shuxiang.imports import profiles, registry, services
from shuxiang.imports.corrections import write_corrections
from shuxiang.imports.models import Draft, DraftRow, Run
from shuxiang.imports.selectors import draft_rows
from shuxiang.imports.services import Choice, NotChosen, drafts, served
from shuxiang.imports.tables import open_table, write_xlsx
from shuxiang.imports.tests.builders import BY, new_library
from shuxiang.libraries.models import Library
from shuxiang.patrons.models import Patron

KINDS = ("books", "patrons", "loans")
BOOKS = "书名,ISBN,册数,价格\n西游记,9787020002207,3,35.00\n,,1,\n水浒传,1234,2,八元\n"
READERS = "借书证号,姓名,班级\nS1,林知夏,三（1）班\nS1,周予安,三（1）班\n"

Bring = Callable[..., Draft]


@pytest.fixture
def library(db: None, tmp_path: Path, settings: LazySettings) -> Library:
    settings.MEDIA_ROOT = tmp_path / "files"
    return new_library()


@pytest.fixture
def bring(library: Library) -> Bring:
    """A file that was brought and judged."""

    def act(content: str | bytes, name: str = "新书.csv", kinds: tuple[str, ...] = KINDS) -> Draft:
        raw = content.encode() if isinstance(content, str) else content
        draft = services.bring(
            io.BytesIO(raw), name=name, library=library, kinds=kinds, by=BY, at=clock.now()
        )
        jobs.run_pending()
        draft.refresh_from_db()
        return draft

    return act


def chosen(draft: Draft, choice: Choice) -> Draft:
    services.choose(draft, choice, by=BY, at=clock.now())
    jobs.run_pending()
    draft.refresh_from_db()
    return draft


def started(draft: Draft) -> Run:
    run = services.start(draft, shown_round=draft.round, by=BY, at=clock.now())
    jobs.run_pending()
    run.refresh_from_db()
    return run


def test_a_file_is_judged_row_by_row_and_nothing_is_written(bring: Bring) -> None:
    draft = bring(BOOKS)
    assert (draft.state, draft.kind, draft.head["rows"]) == ("checked", "books", 3)
    assert {key: draft.counts.get(key, 0) for key in ("made", "refused", "remarked")} == {
        "made": 3,
        "refused": 0,
        "remarked": 2,
    }
    assert draft.totals == {"records": 3, "items": 6}
    assert not BibliographicRecord.objects.exists()
    first = DraftRow.objects.get(draft=draft, number=2)
    assert (first.label, first.detail, first.volumes, first.cells) == ("西游记", "9787020002207", 3, {})
    assert [row.number for row in draft_rows(draft, "remarked", "")] == [3, 4]
    assert draft_rows(draft, "", "水浒").get().cells["价格"] == "八元"


def test_the_run_says_what_the_dry_run_said_and_the_books_agree(bring: Bring) -> None:
    draft = bring(BOOKS)
    run = started(draft)
    assert (run.state, run.rows_read, run.rows_made) == ("done", 3, 3)
    assert Item.objects.filter(account=ItemAccount.SHELF).count() == draft.totals["items"]
    assert run.job is not None and (run.job.state, run.job.done) == ("done", 6)
    assert reconcile.run().is_clean


def test_started_twice_it_is_one_run(bring: Bring) -> None:
    draft = bring(BOOKS)
    stale = Draft.objects.get(pk=draft.pk)
    assert started(draft) == services.start(stale, shown_round=stale.round, by=BY, at=clock.now())
    assert Run.objects.count() == 1


def test_what_was_not_shown_is_not_started(bring: Bring) -> None:
    draft = bring(BOOKS)
    shown = draft.round
    columns = {0: {0: "title", 1: "isbn", 2: "copies"}}
    chosen(draft, Choice("books", [""], columns))
    with pytest.raises(NotChosen) as told:
        services.start(draft, shown_round=shown, by=BY, at=clock.now())
    assert told.value.notes[0].code == "draft_changed"
    assert not Run.objects.exists()


def test_columns_can_be_chosen_otherwise_and_saved_under_a_name(bring: Bring, library: Library) -> None:
    draft = bring("甲,乙,ISBN\n西游记,吴承恩,9787020002207\n红楼梦,曹雪芹,9787020002209\n")
    draft = chosen(draft, Choice("books", [""], {0: {1: "authors"}}))
    assert draft.state == "columns"
    assert services.still_missing(draft) == [("title",)]
    with pytest.raises(NotChosen) as told:
        chosen(draft, Choice("books", [""], {0: {0: "title", 1: "title"}}))
    assert told.value.notes[0].code == "field_twice"
    draft = chosen(draft, Choice("books", [""], {0: {0: "title", 1: "authors"}}, save_as="旧系统"))
    assert (draft.state, draft.counts["made"]) == ("checked", 2)
    started(draft)
    again = bring("乙,甲,ISBN\n施耐庵,水浒传,9787020008759\n")
    assert again.options["used"] == "旧系统"
    assert DraftRow.objects.get(draft=again).label == "水浒传"
    assert profiles.find(library, "books", "旧系统") is not None


def test_another_kind_is_guessed_anew(bring: Bring) -> None:
    draft = bring(READERS, "名单.csv")
    assert (draft.kind, draft.counts["made"], draft.counts["refused"]) == ("patrons", 1, 1)
    draft = chosen(draft, Choice("loans", [""]))
    assert (draft.kind, draft.state) == ("loans", "columns")
    assert services.still_missing(draft) == [("time", "lent_time"), ("barcode", "isbn", "title")]
    assert not DraftRow.objects.filter(draft=draft).exists()


def test_a_person_who_may_import_books_only_gets_books(bring: Bring) -> None:
    draft = bring(READERS, "名单.csv", ("books",))
    assert draft.kind == "books"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "image"),
        (b"PK\x03\x04" + bytes(200), "damaged"),
        (b"\n\n \n", "no_table"),
        (b"99999nam a2200000 i 4500" + b"200200" * 50, "marc_damaged"),
    ],
)
def test_a_file_that_is_no_list_says_so(bring: Bring, content: bytes, code: str) -> None:
    draft = bring(content, "名单.xlsx")
    assert (draft.state, draft.failure["code"]) == ("unreadable", code)


def test_sheets_are_chosen_and_each_keeps_its_own_columns(bring: Bring, tmp_path: Path) -> None:
    path = tmp_path / "书.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        for name, rows in {
            "一楼": [["书名", "作者"], ["西游记", "吴承恩"]],
            "二楼": [["题名", "ISBN", "册数"], ["水浒传", "9787020002207", "2"]],
            "读者": [["借书证号", "姓名", "班级"], ["S1", "林知夏", "三（1）班"]],
        }.items():
            page = book.add_worksheet(name)
            for number, row in enumerate(rows):
                page.write_row(number, 0, row)
    draft = bring(path.read_bytes(), "书.xlsx")
    assert set(draft.mapping["sheets"]) == {"一楼", "二楼"}
    assert draft.totals == {"records": 2, "items": 3}
    columns = {0: {0: "title", 1: "authors"}, 1: {0: "title", 1: "isbn", 2: "copies"}}
    draft = chosen(draft, Choice("books", ["二楼"], columns))
    assert draft.totals == {"records": 1, "items": 2}
    run = started(draft)
    assert run.totals["items"] == 2
    readers = services.bring_again(run, kind="patrons", by=BY, at=clock.now())
    jobs.run_pending()
    readers.refresh_from_db()
    assert (readers.state, list(readers.mapping["sheets"])) == ("checked", ["读者"])
    started(readers)
    assert Patron.objects.get().name == "林知夏"
    assert path_of(run.file).is_file()  # the books keep it


def test_a_list_of_readers_leaves_nothing_behind(bring: Bring) -> None:
    draft = bring(READERS, "名单.csv")
    run = started(draft)
    assert run.rows_refused == 1
    assert not path_of(run.file).exists()
    assert not DraftRow.objects.filter(draft=draft).exists()


PEOPLE = (
    "借书证号,姓名,班级,身份证号,联系电话,爱好\n"
    "S1,林知夏,三（1）班,110101201601011234,13800000001,围棋\n"
    ",周予安,三（1）班,110101201601015678,13800000002,书法\n"
)
PRIVATE = ("110101201601011234", "110101201601015678", "13800000001", "13800000002", "围棋", "书法")


def test_of_people_nothing_is_kept_but_what_is_imported(bring: Bring, tmp_path: Path) -> None:
    draft = bring(PEOPLE, "名单.csv")
    said = {note["code"]: note["params"]["columns"] for note in draft.warnings}
    assert said == {"columns_left_out": "身份证号、联系电话", "columns_ignored": "爱好"}
    refused = DraftRow.objects.get(draft=draft, verdict="refused")
    assert refused.cells == {"姓名": "周予安", "班级": "三（1）班"}
    assert draft.head["groups"][0]["samples"][
        3
    ]  # the page shows what stands in the column, until it is entered
    write_corrections(draft, tmp_path / "rows.xlsx")
    with open_table(tmp_path / "rows.xlsx", name="rows.xlsx") as table:
        sheet = table.sheets[0]
        assert sheet.header.titles[:3] == ("借书证号", "姓名", "班级")
        assert not {"身份证号", "联系电话", "爱好"} & set(sheet.header.titles)
        assert not any(one in cell for row in sheet.rows for cell in row.cells for one in PRIVATE)
    run = started(draft)
    draft.refresh_from_db()
    kept = json.dumps([draft.head, draft.mapping, run.options, list(run.rows.values())], default=str)
    assert run.rows_made == 1
    assert not [one for one in PRIVATE if one in kept]


def test_one_upload_sent_four_times_at_once_is_one_draft(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The slower ones look before the faster one has written its draft."""
    given = {"name": "书.csv", "library": library, "kinds": KINDS, "by": BY, "at": clock.now()}
    pk = uuid7()
    first = services.bring(io.BytesIO(BOOKS.encode()), draft_id=pk, **given)  # type: ignore[arg-type]
    there = drafts._there
    looks = iter([None])
    monkeypatch.setattr(drafts, "_there", lambda key: next(looks, there(key)))
    again = services.bring(io.BytesIO(BOOKS.encode()), draft_id=pk, **given)  # type: ignore[arg-type]
    assert again == first
    assert StoredFile.objects.count() == Draft.objects.count() == 1


def test_a_page_of_explanations_is_not_ticked(bring: Bring, tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    with xlsxwriter.Workbook(path) as book:
        books = book.add_worksheet("图书")
        books.write_row(0, 0, ["书名", "ISBN", "册数"])
        books.write_row(1, 0, ["西游记", "9787020002207", "3"])
        book.add_worksheet("说明").write(0, 0, "请把书目填在第一张表里")
    draft = bring(path.read_bytes(), "书.xlsx")
    assert [(one["name"], one["kind"]) for one in draft.head["sheets"]] == [("图书", "books"), ("说明", "")]
    assert (list(draft.mapping["sheets"]), draft.counts) == (["图书"], {"made": 1, "remarked": 0})


def test_merged_cells_are_remarked_once_and_an_unnamed_sheet_has_the_name_of_its_file(
    bring: Bring, tmp_path: Path
) -> None:
    path = tmp_path / "book.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("图书")
        sheet.write_row(0, 0, ["出版社", "书名", "册数"])
        sheet.merge_range(1, 0, 4, 0, "人民文学出版社")
        for row, title in enumerate(("西游记", "水浒传", "红楼梦", "三国演义"), 1):
            sheet.write_row(row, 1, [title, "1"])
    draft = bring(path.read_bytes(), "书.xlsx")
    assert (draft.counts["made"], draft.counts["remarked"]) == (4, 1)
    bare = bring("书名,ISBN,册数,\n西游记,9787020002207,3,x\n", "新书.csv")
    assert [note["params"]["sheet"] for note in bare.warnings if "sheet" in note["params"]] == ["新书.csv"]


def test_what_is_abandoned_is_thrown_away_with_its_bytes(bring: Bring) -> None:
    draft = bring(READERS, "名单.csv")
    place = path_of(draft.file)
    run = started(bring(BOOKS))
    assert services.sweep(clock.now()) == 0
    later = clock.now() + timedelta(days=services.KEPT_DAYS, hours=1)
    assert services.sweep(later) == 2
    assert not Draft.objects.exists()
    assert not place.exists()
    assert not StoredFile.objects.filter(pk=draft.file_id).exists()
    assert path_of(run.file).is_file()


def test_the_same_upload_sent_twice_is_one_draft(library: Library) -> None:
    first = services.bring(
        io.BytesIO(BOOKS.encode()), name="书.csv", library=library, kinds=KINDS, by=BY, at=clock.now()
    )
    given = {"name": "书.csv", "library": library, "kinds": KINDS, "by": BY, "draft_id": first.pk}
    again = services.bring(io.BytesIO(BOOKS.encode()), at=clock.now(), **given)  # type: ignore[arg-type]
    assert again == first
    other = services.bring(io.BytesIO(READERS.encode()), at=clock.now(), **given)  # type: ignore[arg-type]
    assert other != first


def test_while_another_process_imports_the_run_waits_its_turn(bring: Bring, library: Library) -> None:
    draft = bring(BOOKS)
    with locks.alone(Path(settings.HOME) / "locks" / f"imports-{library.pk}"):
        run = started(draft)
        assert (run.state, run.next_row) == ("running", 0)
    jobs.run_pending()
    run.refresh_from_db()
    assert run.state == "done"


def test_a_dry_run_that_was_overtaken_stops_and_leaves_no_rows(bring: Bring) -> None:
    draft = bring(BOOKS)
    services.choose(draft, Choice("books", [""], {0: {0: "title"}}), by=BY, at=clock.now())
    draft.refresh_from_db()
    assert draft.job is not None
    old = draft.job
    services.choose(draft, Choice("books", [""], {0: {0: "title", 1: "isbn"}}), by=BY, at=clock.now())
    jobs.run(old)
    jobs.run_pending()
    draft.refresh_from_db()
    assert (draft.state, DraftRow.objects.filter(draft=draft).count()) == ("checked", 3)


def test_an_undo_says_beforehand_what_it_will_do(bring: Bring) -> None:
    run = started(bring(BOOKS))
    item = Item.objects.order_by("pk").first()
    assert item is not None
    with transaction.atomic():
        begun = operations.begin("tests.move", by=BY, at=clock.now())
        move(
            item,
            ItemAccount.MENDING,
            cause="mending",
            at=clock.now(),
            on=clock.local_date(clock.now()),
            operation=begun.operation,
        )
    seen = registry.foresee(run)
    assert (dict(seen.goes), seen.stays) == ({"records": 2, "items": 5}, 1)
    assert seen.notes[0].params["title"] == item.holding.record.title
    served.undo_later(run, by=BY, at=clock.now())
    served.undo_later(run, by=BY, at=clock.now())
    assert jobs.run_pending() == 1
    run.refresh_from_db()
    assert run.state == "undone"
    assert Item.objects.filter(account=ItemAccount.MENDING).count() == 1
    assert BibliographicRecord.objects.filter(deleted_at=None).count() == 1
    assert reconcile.run().is_clean


def test_ten_thousand_rows_are_kept_without_holding_them(bring: Bring, tmp_path: Path) -> None:
    path = tmp_path / "many.xlsx"
    write_xlsx(path, ["书名", "册数"], ([f"第{n}种书", "1"] for n in range(3000)))
    draft = bring(path.read_bytes(), "many.xlsx")
    assert draft.counts["made"] == 3000
    assert DraftRow.objects.filter(draft=draft).count() == 3000


def test_a_server_leaves_an_interrupted_import_to_its_job(bring: Bring) -> None:
    draft = bring(BOOKS)
    run = services.start(draft, shown_round=draft.round, by=BY, at=clock.now())
    assert services.recover(by=BY, at=clock.now(), is_serving=True) == []
    assert [one.pk for one in services.recover(by=BY, at=clock.now())] == [run.pk]
    jobs.run_pending()
    run.refresh_from_db()
    assert (run.state, run.rows_made) == ("done", 3)
    assert Item.objects.count() == 6
