"""Large MARC files are read in a process of their own: what comes in is the same, also when that process dies."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from shuxiang import marc
from shuxiang.audit import reconcile
from shuxiang.catalogue.models import BibliographicRecord, Original
from shuxiang.holdings.models import Holding, ItemIdentifier
from shuxiang.imports import ahead, sources
from shuxiang.imports.tests.builders import Desk, codes, new_library, verdicts

LIST_PRICE = "item__property_line__list_price_fen"
pytestmark = pytest.mark.django_db
COLUMNS = [
    field.name
    for field in BibliographicRecord._meta.concrete_fields
    if field.name not in {"id", "uuid", "created_by_library", "created_at", "modified_at"}
]


@pytest.fixture
def desk(tmp_path: Path, settings: Any) -> Desk:
    settings.HOME = tmp_path / "home"
    return Desk(new_library(), tmp_path)


def _record(number: int, title: str) -> bytes:
    fields = [
        marc.Field("001", "", (), f"{number:08d}"),
        marc.Field(
            "010", "  ", (marc.Subfield("a", f"97871000{number:05d}"), marc.Subfield("d", "CNY12.50"))
        ),
        marc.Field("200", "1 ", (marc.Subfield("a", title), marc.Subfield("f", "曹文轩著"))),
        marc.Field("210", "  ", (marc.Subfield("c", "商务印书馆"), marc.Subfield("d", "2012"))),
        marc.Field("330", "  ", (marc.Subfield("a", "本书\x1f" if number == 3 else "本书"),)),
        marc.Field("690", "  ", (marc.Subfield("a", "I287.45"),)),
        marc.Field("905", "  ", (marc.Subfield("b", f"B{number}a"), marc.Subfield("b", f"B{number}b"))),
    ]
    return marc.write_iso2709(marc.MarcRecord("00000nam0 2200000   450 ", tuple(fields)))


def _file() -> bytes:
    """Good records, one without a title, one that cannot be read, and one that comes twice."""
    some = [_record(n, f"重庆的书{n}") for n in range(1, 250)]
    return b"".join(
        [*some[:100], _record(900, ""), b"00026nam" + b" " * 30 + b"\x1e\x1d", *some[100:], some[0]]
    )


def _state(desk: Desk) -> list[Any]:
    originals = Original.objects.filter(library=desk.library).order_by("sha256")
    return [
        list(BibliographicRecord.objects.order_by("isbn", "title").values_list(*COLUMNS)),
        [(bytes(one.content), one.profile, one.encoding, one.format, one.projection) for one in originals],
        list(ItemIdentifier.objects.order_by("value").values_list("value", "item__account", LIST_PRICE)),
        list(Holding.objects.order_by("record__isbn").values_list("call_number", "on_books", "on_shelf")),
    ]


def _come_in(desk: Desk, path: Path) -> list[Any]:
    run = desk.load("books", path)
    assert (run.rows_read, run.rows_made, run.rows_refused) == (252, 250, 1)
    assert reconcile.run().differences == ()
    return [verdicts(run), codes(run), *_state(desk)]


@pytest.mark.parametrize("dies", [False, True], ids=["the process lives", "the process dies"])
def test_what_comes_in_does_not_depend_on_who_reads(
    dies: bool, tmp_path: Path, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "list.mrc"
    path.write_bytes(_file())
    asked: list[int] = []

    def watched(module: str, where: Path, options: Any) -> Iterator[tuple[Any, ...]]:
        for count, row in enumerate(ahead.read_ahead(module, where, options)):
            if dies and count == 120:
                raise ahead.ReadingFailed
            asked.append(count)
            yield row

    monkeypatch.setattr(sources, "read_ahead", watched)
    with transaction.atomic():
        here = _come_in(desk, path)
        transaction.set_rollback(True)
    assert not asked
    monkeypatch.setattr(sources, "WORTH_A_PROCESS", 0)
    assert _come_in(desk, path) == here
    assert len(asked) == (120 if dies else 252)


def test_a_process_that_cannot_go_on_says_so(tmp_path: Path) -> None:
    with pytest.raises(ahead.ReadingFailed):
        list(ahead.read_ahead("shuxiang.holdings.reading.ahead", tmp_path / "no such file", {}))
