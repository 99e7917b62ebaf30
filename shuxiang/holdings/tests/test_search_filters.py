"""Filters and what each choice would leave, against a naive reading of the same shelves; the same on both engines."""

from dataclasses import dataclass
from itertools import product

import pytest

from shuxiang.catalogue.services import RecordValues, bulk_save_records
from shuxiang.holdings import search as searching
from shuxiang.holdings import searchbrowse
from shuxiang.holdings.models import Holding, ShelvingLocation
from shuxiang.holdings.search import SORTS, Facet, Filters, SearchPage, search
from shuxiang.holdings.services import (
    HoldingValues,
    ItemValues,
    add_items_many,
    ensure_location,
    hold_many,
    mark_missing,
    post_batch,
)
from shuxiang.holdings.tests.builders import AT, BY, LATER, LATER_ON, ON, School, make_library

CLASSES = ("I247.57", "I242.4", "TP312", "")
YEARS = (2016, 2018, 2021, None)
AUDIENCES = ("a", "ac", "")


@dataclass
class Title:
    """What the naive reading knows of a title."""

    key: int
    clc: str
    year: int | None
    audience: str
    is_in: bool
    home: int


@dataclass
class Shelves:
    school: School
    titles: list[Title]
    away: ShelvingLocation

    def find(self, query: str = "小说", **more: object) -> SearchPage:
        return search(query, library=self.school.library, page_size=100, **more)  # type: ignore[arg-type]


@pytest.fixture
def shelves(school: School) -> Shelves:
    """48 titles, one copy each: of every class, year and audience; every third is away, every fourth is missing."""
    rows = list(product(CLASSES, YEARS, AUDIENCES))
    values = [
        RecordValues(title=f"小说{n}", clc=clc, pub_year=year, audience=audience)
        for n, (clc, year, audience) in enumerate(rows)
    ]
    records = bulk_save_records(values, library=school.library, by=BY, at=AT)
    held = hold_many(
        [HoldingValues(record_id=one.pk, clc=one.clc) for one in records],
        library=school.library,
        by=BY,
        at=AT,
    )
    away = ensure_location(school.library, "二楼")
    batch = school.draft()
    homes = [away if n % 3 == 0 else school.home for n in range(len(held))]
    items = add_items_many(
        [ItemValues(holding=holding, home=home) for holding, home in zip(held, homes, strict=True)],
        batch=batch, by=BY, at=AT,
    )  # fmt: skip
    post_batch(batch, by=BY, at=AT, on=ON)
    for item in items[::4]:
        item.refresh_from_db()
        mark_missing(item, by=BY, at=LATER, on=LATER_ON)
    titles = [
        Title(record.pk, clc, year, audience, n % 4 != 0, home.pk)
        for n, (record, (clc, year, audience), home) in enumerate(zip(records, rows, homes, strict=True))
    ]
    return Shelves(school, titles, away)


def naive(title: Title, filters: Filters, but: str = "") -> bool:
    """Whether a title fulfils the filters, those of one facet left out."""
    year = title.year or 0
    wanted = {
        "clc": title.clc.startswith(filters.clc),
        "audience": filters.audience in title.audience,
        "available": title.is_in or not filters.available,
        "location": filters.location in (None, title.home),
        "year": (filters.year_from is None and filters.year_to is None)
        or (bool(year) and (filters.year_from or 0) <= year <= (filters.year_to or 9999)),
    }
    return all(is_so for name, is_so in wanted.items() if name != but)


def values_of(title: Title) -> dict[str, list[str]]:
    five = (title.year or 0) // 5 * 5
    return {
        "clc": [title.clc[:1]] if title.clc else [],
        "audience": list(title.audience),
        "available": ["1"] if title.is_in else [],
        "location": [str(title.home)],
        "year": [f"{five}-{five + 4}"] if title.year else [],
    }


def counts(page: SearchPage) -> dict[str, dict[str, int]]:
    return {one.name: {v.value: v.count for v in one.values if v.count} for one in page.facets}


CHOICES = [
    {},
    {"clc": "I"},
    {"clc": "I24"},
    {"clc": "tp"},
    {"audience": "c"},
    {"available": True},
    {"year_from": 2015, "year_to": 2019},
    {"year_from": 2017},
    {"year_to": 2016},
    {"clc": "I", "audience": "a", "available": True, "year_from": 2000},
    {"clc": "Z"},
    {"clc": "%"},
    {"clc": "I", "location": "away"},
    {"location": "away", "available": True, "audience": "a"},
]


@pytest.mark.parametrize("choice", CHOICES, ids=str)
@pytest.mark.parametrize("query", ["小说", "", "xs", "小"])
def test_the_hits_and_the_counts_are_those_of_a_naive_reading(
    shelves: Shelves, query: str, choice: dict[str, object]
) -> None:
    filters = chosen(shelves, choice)
    page = shelves.find(query, filters=filters)
    plain = Filters(**{**choice_of(filters), "clc": filters.clc.upper()})  # type: ignore[arg-type]
    left = {title.key for title in shelves.titles if naive(title, plain)}
    assert set(page.ids) == left
    assert (page.count, page.is_capped) == (len(left), False)
    found = counts(page)
    for name in ("clc", "audience", "available", "location", "year"):
        expected: dict[str, int] = {}
        for title in shelves.titles:
            if naive(title, plain, but=name):
                for value in values_of(title)[name]:
                    expected[value] = expected.get(value, 0) + 1
        if name == "year" and "year" in filters.chosen:
            found[name].pop(f"{filters.year_from or ''}-{filters.year_to or ''}", None)
            expected.pop(f"{filters.year_from or ''}-{filters.year_to or ''}", None)
        assert found[name] == expected, name
    for sort in SORTS:
        assert set(shelves.find(query, filters=filters, sort=sort).ids) == left


def choice_of(filters: Filters) -> dict[str, object]:
    return {name: getattr(filters, name) for name in Filters.__slots__}


def chosen(shelves: Shelves, choice: dict[str, object]) -> Filters:
    place = {"location": shelves.away.pk} if choice.get("location") == "away" else {}
    return Filters(**{**choice, **place})  # type: ignore[arg-type]


@pytest.mark.parametrize("choice", CHOICES, ids=str)
def test_beyond_the_cap_filters_still_choose_among_all_hits(
    shelves: Shelves, choice: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searching, "CAP", 20)
    filters = chosen(shelves, choice)
    plain = Filters(**{**choice_of(filters), "clc": filters.clc.upper()})  # type: ignore[arg-type]
    left = {title.key for title in shelves.titles if naive(title, plain)}
    for query in ("小说", ""):
        page = shelves.find(query, filters=filters)
        assert set(page.ids) <= left
        if len(left) <= 20:
            assert (set(page.ids), page.count, page.is_capped) == (left, len(left), False)
        else:
            assert len(page.ids) == 20
            assert page.count >= 20
        for facet in page.facets:
            assert facet.is_capped or len(left) <= 20


def test_all_titles_are_counted_exactly_and_every_order_has_its_pages(
    shelves: Shelves, monkeypatch: pytest.MonkeyPatch
) -> None:
    orders = {sort: shelves.find("", sort=sort).ids for sort in SORTS}
    monkeypatch.setattr(searching, "CAP", 30)
    for sort in SORTS:
        page = shelves.find("", sort=sort)
        assert (page.count, page.is_capped, len(page.ids), page.pages) == (48, False, 30, 1)
        second = search("", library=shelves.school.library, page=2, page_size=20, sort=sort)
        assert second.ids == page.ids[20:30]
        if sort in {"relevance", "title"}:
            assert page.ids == orders[sort][:30]


def test_a_sample_is_scaled_to_all(shelves: Shelves, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searching, "CAP", 30)
    monkeypatch.setattr(searchbrowse, "BLOCKS", 4)
    monkeypatch.setattr(searchbrowse, "BLOCK", 3)
    (clc,) = (one for one in shelves.find("").facets if one.name == "clc")
    assert clc.is_capped
    assert sum(value.count for value in clc.values) == pytest.approx(36, abs=8)


def facet(page: SearchPage, name: str) -> Facet:
    return next(one for one in page.facets if one.name == name)


def test_a_choice_names_itself_and_its_place(shelves: Shelves) -> None:
    page = shelves.find(filters=Filters(location=shelves.away.pk, clc="I24", year_from=2016, year_to=2018))
    (place,) = (value for value in facet(page, "location").values if value.is_chosen)
    assert (place.label, place.count) == ("二楼", page.count)
    assert [v.value for v in facet(page, "clc").values if v.is_chosen] == ["I"]
    assert {v.value for v in facet(page, "subclass").values} == {"I242", "I247"}
    (years,) = (value for value in facet(page, "year").values if value.is_chosen)
    assert (years.value, years.count) == ("2016-2018", page.count)


def test_a_choice_that_leaves_nothing_is_still_there(shelves: Shelves) -> None:
    page = shelves.find(filters=Filters(clc="Z", audience="e"))
    assert page.count == 0
    assert ("Z", 0, True) in [(v.value, v.count, v.is_chosen) for v in facet(page, "clc").values]
    assert ("e", 0, True) in [(v.value, v.count, v.is_chosen) for v in facet(page, "audience").values]


def test_without_a_library_all_holdings_count_and_there_are_no_locations(shelves: Shelves) -> None:
    other = make_library("xy")
    hold_many([HoldingValues(record_id=shelves.titles[0].key, clc="I1")], library=other, by=BY, at=AT)
    page = search("小说", filters=Filters(clc="I"))
    assert page.count == 24
    assert {one.name for one in page.facets} == {"clc", "subclass", "audience", "available", "year"}
    assert counts(page)["clc"] == {"I": 24, "T": 12}


def test_most_lent_comes_first(shelves: Shelves) -> None:
    first, second = shelves.titles[7].key, shelves.titles[30].key
    Holding.objects.filter(record=first).update(times_lent=5)
    Holding.objects.filter(record=second).update(times_lent=9)
    for query in ("小说", ""):
        assert shelves.find(query, sort="most_lent").ids[:2] == (second, first)
