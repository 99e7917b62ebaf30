"""Files of offline collectors: text, CSV, workbook; every line is in the sum, and what is wrong is said line by line."""

import io
from datetime import timedelta
from pathlib import Path

import pytest

from shuxiang.audit import jobs
from shuxiang.circulation.tests.desk import ISBN
from shuxiang.common.decisions import Refused
from shuxiang.holdings.models import ItemIdentifier
from shuxiang.holdings.services import assign_barcode
from shuxiang.imports.tables import write_xlsx
from shuxiang.stocktaking import selectors
from shuxiang.stocktaking.facts import progress
from shuxiang.stocktaking.messages import why_unreadable
from shuxiang.stocktaking.models import Scan, Stream
from shuxiang.stocktaking.services import bring_file, close
from shuxiang.stocktaking.services.files import read_file
from shuxiang.stocktaking.tests.shelves import BY, Shelves


def bring(shelves: Shelves, content: bytes, name: str = "codes.txt", *, run: bool = True) -> Stream:
    at = shelves.now()
    stream = bring_file(
        io.BytesIO(content), stocktake=shelves.stocktake, name=name, counted_at=at, by=BY, at=at
    )
    if run:
        jobs.run_pending()
        stream.refresh_from_db()
    return stream


def verdicts(stream: Stream) -> list[tuple[int | None, str]]:
    rows = Scan.objects.filter(stream=stream).order_by("pk")
    return [(row.line, row.verdict) for row in rows]


def test_one_code_a_line_each_with_its_verdict(shelves: Shelves) -> None:
    stream = bring(shelves, "B001\r\n\r\nB002\r\nB001\r\nZ999\r\n".encode("utf-8-sig"))
    assert verdicts(stream) == [(1, "counted"), (3, "counted"), (4, "again"), (5, "unknown")]
    total = selectors.sum_of(stream)
    assert (total.read, total.counted, total.again, total.other) == (4, 2, 1, 1)
    assert (stream.state, progress(shelves.stocktake).scanned) == ("open", 2)


def test_a_table_of_a_collector_with_time_quantity_and_titles(shelves: Shelves) -> None:
    text = "时间,数量,条码\n2026-11-20 09:00:01,1,B001\n2026-11-20 09:00:03,1,B003\n"
    assert verdicts(bring(shelves, text.encode("gb18030"), "PDA.csv")) == [(2, "counted"), (3, "counted")]


@pytest.mark.parametrize("label", ["0000123", "00000123"])
def test_a_workbook_that_dropped_the_zeros_in_front(shelves: Shelves, tmp_path: Path, label: str) -> None:
    assign_barcode(shelves.books[0], label, by=BY, at=shelves.now())
    path = tmp_path / "codes.xlsx"
    write_xlsx(path, ["条码"], [["123"], ["B002"]])
    assert [verdict for _line, verdict in verdicts(bring(shelves, path.read_bytes(), "codes.xlsx"))] == [
        "counted",
        "counted",
    ]


def test_isbns_in_a_file_count_one_volume_each(shelves: Shelves) -> None:
    ItemIdentifier.objects.filter(item__in=shelves.desk.items).delete()
    stream = bring(shelves, f"{ISBN}\n{ISBN}\n{ISBN}\n{ISBN}\n".encode())
    assert [verdict for _line, verdict in verdicts(stream)] == ["counted"] * 3 + ["no-more"]


def test_a_volume_lent_after_it_was_counted_offline_is_not_wrongly_out(shelves: Shelves) -> None:
    counted_at = shelves.now()
    shelves.lend(shelves.books[0])
    bring_file(
        io.BytesIO(b"B001\n"),
        stocktake=shelves.stocktake,
        name="codes.txt",
        counted_at=counted_at,
        by=BY,
        at=shelves.now(),
    )
    jobs.run_pending()
    assert progress(shelves.stocktake).heaps["out"] == 0


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [(b"", "empty.txt", "empty.txt"), (b"%PDF-1.4 x", "list.pdf", "list.pdf")],
)
def test_what_is_no_list_is_said_with_its_remedy(
    shelves: Shelves, content: bytes, name: str, words: str
) -> None:
    stream = bring(shelves, content, name)
    assert stream.state == "unreadable"
    assert words in why_unreadable(stream.problem)


def test_a_file_that_was_interrupted_goes_on_and_counts_nothing_twice(
    shelves: Shelves, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shuxiang.stocktaking.services.files.CHUNK", 2)
    stream = bring(shelves, b"B001\nB002\nB003\nB004\nB005\n", run=False)
    job = jobs.claim()
    assert job is not None
    with pytest.raises(jobs.Later):
        read_file(job, jobs.Progress(job, lambda: True))
    with pytest.raises(Refused, match="file_being_read"):
        close(shelves.stocktake, by=BY, at=shelves.now())
    shelves.stocktake.refresh_from_db()
    assert shelves.stocktake.state == "counting"
    read_file(job, jobs.Progress(job, lambda: False))
    assert verdicts(stream) == [(line, "counted") for line in range(1, 6)]


def test_a_file_for_a_closed_stocktake_is_refused(shelves: Shelves) -> None:
    shelves.stocktake = shelves.close()
    with pytest.raises(Refused, match="not_counting"):
        bring(shelves, b"B001\n")


def test_a_file_of_many_lines_takes_few_statements_a_chunk(
    shelves: Shelves, django_assert_max_num_queries: object
) -> None:
    codes = "".join(f"B{number:03d}\n" for number in range(1, 7)) * 80
    stream = bring(shelves, codes.encode(), run=False)
    with django_assert_max_num_queries(45):  # type: ignore[operator]
        jobs.run_pending()
    assert selectors.sum_of(stream).read == 480


def test_the_shelf_order_says_which_books_to_move(shelves: Shelves) -> None:
    shelves.scan("B001", "B004", "B002", "B003", "B005", "nonsense")
    order = selectors.order_of(shelves.stream)
    assert order.books == 5
    assert [(move.book.code, move.behind and move.behind.code) for move in order.moves] == [("B004", "B003")]
    assert order.moves[0].left is not None
    assert order.moves[0].left.code == "B001"


def test_what_was_counted_offline_before_the_stocktake_was_opened_is_fine(shelves: Shelves) -> None:
    at = shelves.now()
    early = at - timedelta(days=2)
    bring_file(
        io.BytesIO(b"B001\n"), stocktake=shelves.stocktake, name="a.txt", counted_at=early, by=BY, at=at
    )
    jobs.run_pending()
    assert progress(shelves.stocktake).scanned == 1
