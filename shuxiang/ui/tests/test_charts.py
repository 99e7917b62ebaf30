import re
from xml.etree import ElementTree

import pytest

from shuxiang.ui.charts import Bar, Point, bar_chart, bullet, line_chart, progress

HOSTILE = '"><script>alert(1)</script><b style="x" onload='
CLASSES = [Bar("一（2）班", 6.08), Bar("三（1）班", 12.15, 7.7), Bar("六（1）班", 8.3, 7.92)]


def parsed(markup: str) -> ElementTree.Element:
    """The chart as a tree: it must be well-formed, or it would swallow the page after it."""
    return ElementTree.fromstring(f"<div>{markup}</div>")  # noqa: S314  our own output


def words(tree: ElementTree.Element, name: str) -> list[str]:
    return ["".join(element.itertext()) for element in tree.iter(name)]


@pytest.mark.parametrize(
    "markup",
    [
        bar_chart([Bar(HOSTILE, 1)], title=HOSTILE, target=2, previous=HOSTILE, unit=HOSTILE),
        line_chart([Point(HOSTILE, 1, HOSTILE)], title=HOSTILE, unit=HOSTILE),
        progress(1, 2, label=HOSTILE),
    ],
)
def test_a_chart_escapes_hostile_text(markup: str) -> None:
    tree = parsed(markup)
    assert not list(tree.iter("script")) and not list(tree.iter("b"))
    assert HOSTILE in "".join(tree.itertext()) or any(HOSTILE in e.attrib.values() for e in tree.iter())
    assert all(name != "style" and not name.startswith("on") for e in tree.iter() for name in e.attrib)


def test_bars_stand_largest_first_and_the_table_says_the_same() -> None:
    tree = parsed(bar_chart(CLASSES, title="人均", target=9, previous="上学期"))
    rows = [[cell.text for cell in row] for row in tree.findall(".//tbody/tr")]
    assert rows == [["三（1）班", "12.15", "7.70"], ["六（1）班", "8.30", "7.92"], ["一（2）班", "6.08", "—"]]
    drawn = [text for text in words(tree, "text") if "班" in text]
    assert drawn == ["三（1）班", "六（1）班", "一（2）班"]


def test_bars_with_an_order_of_their_own_keep_it() -> None:
    tree = parsed(bar_chart(CLASSES, title="人均", keep_order=True))
    assert [row[0].text for row in tree.findall(".//tbody/tr")] == ["一（2）班", "三（1）班", "六（1）班"]


def test_a_bar_below_target_is_hatched_and_says_how_far() -> None:
    tree = parsed(bar_chart(CLASSES, title="人均", target=9))
    bars = [e.attrib for e in tree.iter("rect") if e.attrib["class"] in {"bar0", "bar1"}]
    assert [bar["class"] for bar in bars] == ["bar1", "bar0", "bar0"]
    assert all("url(#" in bar["fill"] for bar in bars if bar["class"] == "bar0")
    assert any("0.70" in text for text in words(tree, "text"))


def test_a_tick_is_drawn_only_where_there_was_a_period_before() -> None:
    with_name = parsed(bar_chart(CLASSES, title="人均", previous="上学期"))
    without = parsed(bar_chart(CLASSES, title="人均"))
    assert sum("tick" in e.attrib.get("class", "") for e in with_name.iter("line")) == 2
    assert sum("tick" in e.attrib.get("class", "") for e in without.iter("line")) == 0


@pytest.mark.parametrize("previous", [4.0, 4.5, 5.0, 5.9, 6.5, 7.0, 7.9, 8.0])
def test_no_tick_runs_through_the_words_at_a_bar(previous: float) -> None:
    rows = [Bar("一（2）班", 4.0, previous), Bar("三（1）班", 12.0)]
    tree = parsed(bar_chart(rows, title="人均", target=6.0, previous="上学期"))
    tick = next(float(e.attrib["x1"]) for e in tree.iter("line") if "tick" in e.attrib.get("class", ""))
    said = next(e for e in tree.iter("text") if "".join(e.itertext()).startswith("4.00"))
    begins = float(said.attrib["x"])
    assert not begins - 4 < tick < begins + 110


@pytest.mark.parametrize(
    "rows", [[], [Bar("空", 0)], [Bar("一" * 60, 1)], [Bar("减", -3), Bar("加", 3)], [Bar("大", 10**12)]]
)
def test_every_bar_stays_inside_the_drawing(rows: list[Bar]) -> None:
    for rect in parsed(bar_chart(rows, title="t", target=1)).iter("rect"):
        x, width = float(rect.attrib.get("x", 0)), float(rect.attrib["width"])
        assert x >= 0 and width >= 0 and x + width <= 592


def test_charts_on_one_page_do_not_share_ids() -> None:
    page = (
        bar_chart(CLASSES, title="甲")
        + bar_chart(CLASSES, title="乙")
        + line_chart([Point("1月", 3)], title="丙")
    )
    ids = [e.attrib["id"] for e in parsed(page).iter() if "id" in e.attrib]
    assert len(ids) == len(set(ids)) > 6


def test_a_chart_is_named_and_described() -> None:
    tree = parsed(bar_chart(CLASSES, title="人均借阅", unit="册", target=9))
    svg = next(tree.iter("svg"))
    title, description = next(tree.iter("title")), next(tree.iter("desc"))
    assert svg.attrib["aria-labelledby"] == f"{title.attrib['id']} {description.attrib['id']}"
    assert title.text == "人均借阅"
    assert "三（1）班 12.15册" in (description.text or "")


@pytest.mark.parametrize(
    ("highest", "labels"),
    [
        (764, ["0", "200", "400", "600", "800"]),
        (10, ["0", "2.50", "5", "7.50", "10"]),
        (0, ["0", "1", "2", "3", "4"]),
    ],
)
def test_the_grid_of_a_line_is_round_and_true(highest: int, labels: list[str]) -> None:
    tree = parsed(line_chart([Point("a", 0), Point("b", highest)], title="t"))
    assert [t.text for t in tree.iter("text") if t.attrib.get("text-anchor") == "end"] == labels


def test_a_line_writes_first_last_highest_lowest_and_noted_values() -> None:
    values = [402, 498, 571, 325, 142, 764, 141]
    points = [Point(f"{n}月", value, "寒假" if value == 142 else "") for n, value in enumerate(values)]
    tree = parsed(line_chart(points, title="t"))
    told = [
        text
        for text in words(tree, "text")
        if re.fullmatch(r"\d{3}( 寒假)?", text) and text not in {"200", "400", "600", "800"}
    ]
    assert told == ["402", "142 寒假", "764", "141"]
    assert len(list(tree.iter("circle"))) == 7


def test_lines_of_no_or_one_or_many_points_are_drawn() -> None:
    assert 'points=""' in line_chart([], title="t")
    assert len(list(parsed(line_chart([Point("a", 1)], title="t")).iter("circle"))) == 1
    many = parsed(line_chart([Point(str(n), n) for n in range(200)], title="t"))
    assert len([t for t in many.iter("text") if t.attrib.get("y") == "276"]) <= 12


def test_a_bullet_shows_value_and_target_on_one_scale() -> None:
    tree = parsed(bullet(23, target=28, top=56))
    bar = next(e for e in tree.iter("rect") if e.attrib.get("class") == "bar0")
    assert (bar.attrib["width"], next(tree.iter("line")).attrib["class"]) == ("83.8", "hatch-line")
    assert [e.attrib["x1"] for e in tree.iter("line") if e.attrib["class"] == "aim"] == ["102"]
    assert "bar1" in bullet(30, target=28, top=56)
    assert "NaN" not in bullet(0, target=0, top=0)


@pytest.mark.parametrize(
    ("done", "total", "width"), [(0, 10, "0%"), (5, 10, "50%"), (12, 10, "100%"), (0, 0, "0%")]
)
def test_progress_stays_between_nothing_and_all(done: int, total: int, width: str) -> None:
    assert parsed(progress(done, total, label="入帐")).find(".//rect").attrib["width"] == width  # type: ignore[union-attr]
