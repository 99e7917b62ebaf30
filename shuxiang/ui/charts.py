"""Charts as inline SVG made on the server: colours by class, values written at the marks, a table beneath.

No style attribute anywhere; every text goes through format_html.
"""

import math
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, pgettext

from .numbers import Number, grouped

WIDTH = 592
ROW = 31
TOP = 20
LABEL_UNIT = 14
LABEL_ROOM = 1.3  # a phone writes labels larger within the drawing, so that they stay readable
LABEL_MOST = 200
VALUE_ROOM = 118
TICK_ROOM = 9


@dataclass(frozen=True)
class Bar:
    """One bar: what it is, its value, and the value of the period before if there was one."""

    label: str
    value: Number
    previous: Number | None = None


@dataclass(frozen=True)
class Point:
    label: str
    value: Number
    note: str = ""


@dataclass(frozen=True)
class Span:
    """Points that belong together, by the places of the first and the last; named above them."""

    label: str
    first: int
    last: int


def bar_chart(
    rows: Sequence[Bar],
    *,
    title: str,
    target: Number | None = None,
    previous: str = "",
    unit: str = "",
    digits: int = 2,
    keep_order: bool = False,
) -> SafeString:
    """Horizontal bars, largest first; below target hatched; the period before as a tick.

    `previous` names the period before ("last term"); without it the ticks are left out.
    `keep_order` is for rows with an order of their own.
    """
    ordered = list(rows) if keep_order else sorted(rows, key=lambda row: row.value, reverse=True)
    uid = _uid(title, ordered)
    scale = _Scale.of(ordered, target)
    height = TOP + ROW * max(len(ordered), 1) + 4
    body = _joined(
        _bar(
            row, y=TOP + 7 + ROW * n, scale=scale, target=target, digits=digits, ticks=bool(previous), uid=uid
        )
        for n, row in enumerate(ordered)
    )
    aim = mark_safe("") if target is None else _aim(scale.x(target), height, target, digits)
    svg = format_html(
        '{}{}<line class="axis" x1="{}" x2="{}" y1="{}" y2="{}"/>{}{}</svg></div>',
        _open(height, uid, title, _describe(ordered, unit, digits, target), "drawing bars"), _hatch(uid),
        scale.left, scale.left, TOP, height - 4, body, aim,
    )  # fmt: skip
    headings = [(pgettext("chart", "Name"), False), (_with_unit(title, unit), True)]
    cells = [[row.label, grouped(row.value, digits)] for row in ordered]
    if previous:
        headings.append((previous, True))
        cells = [[*line, grouped(row.previous, digits)] for line, row in zip(cells, ordered, strict=True)]
    return svg + _table(headings, cells)


def line_chart(
    points: Sequence[Point], *, title: str, unit: str = "", digits: int = 0, spans: Sequence[Span] = ()
) -> SafeString:
    """A run in time: zero-based, highest, lowest, first and last value written at the line; every other span shaded."""
    uid = _uid(title, points)
    top = _nice_top(max((float(point.value) for point in points), default=0.0))
    left, right, upper, lower = 56, WIDTH - 24, 52 if spans else 36, 256
    step = (right - left) / max(len(points) - 1, 1)
    places = [
        (left + step * n, lower - (lower - upper) * max(float(point.value), 0.0) / top)
        for n, point in enumerate(points)
    ]
    bands = _joined(_band(span, n, left, step, lower) for n, span in enumerate(spans))
    grid = bands + _joined(_grid_line(left, lower - (lower - upper) * n / 4, top * n / 4) for n in range(5))
    line = format_html(
        '<polyline class="line" points="{}"/>', " ".join(f"{_n(x)},{_n(y)}" for x, y in places)
    )
    every = math.ceil(len(points) / 12) if points else 1
    spoken = _speaking(points)
    marks = _joined(
        _mark(point, *place, told=n in spoken, below=_valley(points, n), ticked=n % every == 0, digits=digits)
        for n, (point, place) in enumerate(zip(points, places, strict=True))
    )
    opening = _open(284, uid, title, _describe(points, unit, digits, None))
    svg = format_html("{}{}{}{}</svg></div>", opening, grid, line, marks)
    cells = [[point.label, grouped(point.value, digits)] for point in points]
    return svg + _table([(pgettext("chart", "Period"), False), (_with_unit(title, unit), True)], cells)


def bullet(value: Number, *, target: Number, top: Number) -> SafeString:
    """Bar against a target on a common scale 0–`top`, for a table cell."""
    full = max(float(top), float(value), float(target), 1e-9)
    uid = f"h{zlib.crc32(f'{value} {target} {top}'.encode()):08x}"
    reached = value >= target
    return format_html(
        '<svg class="bullet" viewBox="0 0 204 20" preserveAspectRatio="none" aria-hidden="true">{}'
        '<rect class="trk" y="4" width="204" height="12"/><rect class="{}"{} y="4" width="{}" height="12"/>'
        '<line class="aim" x1="{}" x2="{}" y1="0" y2="20"/></svg>',
        mark_safe("") if reached else _hatch(uid), "bar1" if reached else "bar0", _fill(uid, reached),
        _n(204 * float(value) / full), _n(204 * float(target) / full), _n(204 * float(target) / full),
    )  # fmt: skip


def progress(done: int, total: int, *, label: str) -> SafeString:
    share = min(100.0, 100 * done / total) if total > 0 else 0.0
    return format_html(
        '<svg class="progress" role="progressbar" aria-label="{}" aria-valuemin="0" aria-valuemax="{}"'
        ' aria-valuenow="{}"><rect width="{}%" height="100%"/></svg>',
        label, total, done, _n(share),
    )  # fmt: skip


@dataclass(frozen=True)
class _Scale:
    left: float
    per_unit: float

    @classmethod
    def of(cls, rows: Sequence[Bar], target: Number | None) -> "_Scale":
        longest = max((_text_width(row.label) for row in rows), default=0.0)
        left = min(longest, LABEL_MOST) * LABEL_ROOM + 22
        values = [float(v) for row in rows for v in (row.value, row.previous) if v is not None]
        most = max([*values, float(target or 0)], default=0.0)
        return cls(round(left, 1), (WIDTH - left - VALUE_ROOM) / most if most > 0 else 0.0)

    def x(self, value: Number) -> float:
        return self.left + max(float(value), 0.0) * self.per_unit


def _bar(
    row: Bar, *, y: int, scale: _Scale, target: Number | None, digits: int, ticks: bool, uid: str
) -> SafeString:
    reached = target is None or row.value >= target
    end = scale.x(row.value)
    beside = max(end, scale.x(target) if target is not None and not reached else 0.0) + 9
    tick = mark_safe("")
    if ticks and row.previous is not None:
        at = scale.x(row.previous)
        tick = format_html(
            '<line class="tick{}" x1="{}" x2="{}" y1="{}" y2="{}"/>',
            " over" if reached and at < end - 2 else "",
            _n(at),
            _n(at),
            y - 3,
            y + 22,
        )
    said, gap, short = grouped(row.value, digits), "", mark_safe("")
    if target is not None and not reached:
        gap = gettext("short by %(gap)s") % {
            "gap": grouped(Decimal(str(target)) - Decimal(str(row.value)), digits)
        }
        short = format_html('<tspan class="dim" dx="6">{}</tspan>', gap)
    if ticks and row.previous is not None:
        at = scale.x(row.previous)
        if beside - TICK_ROOM < at < beside + _text_width(said + gap) * LABEL_ROOM + TICK_ROOM:
            beside = at + TICK_ROOM  # the tick would run through the words
    return format_html(
        '<text x="{}" y="{}" text-anchor="end">{}</text>'
        '<rect class="{}"{} x="{}" y="{}" width="{}" height="19"/>{}'
        '<text x="{}" y="{}"><tspan class="big">{}</tspan>{}</text>',
        _n(scale.left - 10), y + 14, _clip(row.label), "bar1" if reached else "bar0", _fill(uid, reached),
        _n(scale.left), y, _n(end - scale.left), tick, _n(beside), y + 15, said, short,
    )  # fmt: skip


def _aim(x: float, height: int, target: Number, digits: int) -> SafeString:
    words = gettext("target %(value)s") % {"value": grouped(target, digits)}
    return format_html(
        '<line class="aim" x1="{}" x2="{}" y1="16" y2="{}"/>'
        '<text class="aimt" x="{}" y="11" text-anchor="middle">{}</text>',
        _n(x), _n(x), height - 4, _n(x), words,
    )  # fmt: skip


def _band(span: Span, n: int, left: float, step: float, lower: float) -> SafeString:
    start, end = left + step * (span.first - 0.4), left + step * (span.last + 0.4)
    ground = format_html(
        '<rect class="trk" x="{}" y="26" width="{}" height="{}"/>', _n(start), _n(end - start), _n(lower - 26)
    )
    is_tight = _text_width(span.label) * 1.2 > end - start and n > 0
    return format_html(
        '{}<text class="big" x="{}" y="16" text-anchor="{}">{}</text>',
        ground if n % 2 else "", _n(end if is_tight else start), "end" if is_tight else "start", span.label,
    )  # fmt: skip


def _grid_line(left: float, y: float, value: float) -> SafeString:
    digits = 0 if value == int(value) else 2
    return format_html(
        '<line class="grid" x1="{}" x2="{}" y1="{}" y2="{}"/>'
        '<text class="dim" x="{}" y="{}" text-anchor="end">{}</text>',
        _n(left - 12), WIDTH, _n(y), _n(y), _n(left - 18), _n(y + 4), grouped(value, digits),
    )  # fmt: skip


def _mark(
    point: Point, x: float, y: float, *, told: bool, below: bool, ticked: bool, digits: int
) -> SafeString:
    parts = [format_html('<circle class="pt" cx="{}" cy="{}" r="4"/>', _n(x), _n(y))]
    if ticked:
        parts.append(
            format_html('<text class="dim" x="{}" y="276" text-anchor="middle">{}</text>', _n(x), point.label)
        )
    if told:
        note = format_html(' <tspan class="dim">{}</tspan>', point.note) if point.note else ""
        parts.append(
            format_html(
                '<text x="{}" y="{}" text-anchor="middle">{}{}</text>',
                _n(x),
                _n(y + 21 if below else y - 12),
                grouped(point.value, digits),
                note,
            )
        )
    return _joined(parts)


def _valley(points: Sequence[Point], n: int) -> bool:
    """Whether the line goes up on every side, so that a value above would stand in it; not on the ground."""
    beside = [points[m].value for m in (n - 1, n + 1) if 0 <= m < len(points)]
    return points[n].value > 0 and bool(beside) and all(value > points[n].value for value in beside)


def _speaking(points: Sequence[Point]) -> set[int]:
    """Which points get their value written: first, last, highest, lowest, and those with a note."""
    if not points:
        return set()
    order = sorted(range(len(points)), key=lambda n: points[n].value)
    return {0, len(points) - 1, order[0], order[-1]} | {n for n, point in enumerate(points) if point.note}


def _describe(rows: Sequence[Bar | Point], unit: str, digits: int, target: Number | None) -> str:
    text = pgettext("list", "; ").join(
        f"{row.label} {grouped(row.value, digits)}{unit}" for row in rows
    ) or gettext("no values")
    if target is None:
        return text
    reached = sum(1 for row in rows if row.value >= target)
    return text + gettext(". Target %(target)s, reached by %(reached)s of %(all)s.") % {
        "target": grouped(target, digits), "reached": reached, "all": len(rows),
    }  # fmt: skip


def _table(headings: Sequence[tuple[str, bool]], rows: Sequence[Sequence[str]]) -> SafeString:
    head = format_html_join(
        "", '<th scope="col"{}>{}</th>', ((_num(right), text) for text, right in headings)
    )
    body = format_html_join(
        "",
        '<tr><th scope="row">{}</th>{}</tr>',
        (
            (row[0], format_html_join("", '<td class="num">{}</td>', ((cell,) for cell in row[1:])))
            for row in rows
        ),
    )
    return format_html(
        '<details class="data"><summary>{}</summary>'
        "<table><thead><tr>{}</tr></thead><tbody>{}</tbody></table></details>",
        gettext("Show the numbers as a table"), head, body,
    )  # fmt: skip


def _open(height: int, uid: str, title: str, description: str, kind: str = "drawing") -> SafeString:
    """The opening of a chart, named and described for those who do not see it.

    On a phone bars shrink to its width and a run in time scrolls.
    """
    return format_html(
        '<div class="{}" tabindex="0" role="group" aria-labelledby="{}-t">'
        '<svg viewBox="0 0 {} {}" role="img" aria-labelledby="{}-t {}-d">'
        '<title id="{}-t">{}</title><desc id="{}-d">{}</desc>',
        kind, uid, WIDTH, height, uid, uid, uid, title, uid, description,
    )  # fmt: skip


def _hatch(uid: str) -> SafeString:
    return format_html(
        '<defs><pattern id="{}-h" width="6" height="6" patternUnits="userSpaceOnUse"'
        ' patternTransform="rotate(45)"><rect class="hatch-ground" width="6" height="6"/>'
        '<line class="hatch-line" x1="0" x2="0" y1="0" y2="6"/></pattern></defs>',
        uid,
    )


def _fill(uid: str, reached: bool) -> SafeString:
    return mark_safe("") if reached else format_html(' fill="url(#{}-h)"', uid)


def _joined(parts: Iterable[SafeString]) -> SafeString:
    return format_html_join("", "{}", ((part,) for part in parts))


def _num(right: bool) -> SafeString:
    return mark_safe(' class="num"') if right else mark_safe("")


def _uid(title: str, rows: Sequence[Bar | Point]) -> str:
    """Ids must differ between charts on one page and stay the same between two renderings."""
    text = "|".join([title, *(f"{row.label}={row.value}" for row in rows)])
    return f"c{zlib.crc32(text.encode()):08x}"


def _with_unit(title: str, unit: str) -> str:
    return gettext("%(title)s (%(unit)s)") % {"title": title, "unit": unit} if unit else title


def _text_width(text: str) -> float:
    return sum(LABEL_UNIT if ord(char) > 0x2E7F else LABEL_UNIT * 0.56 for char in text)


def _clip(text: str) -> str:
    if _text_width(text) <= LABEL_MOST:
        return text
    while text and _text_width(text) > LABEL_MOST - LABEL_UNIT:
        text = text[:-1]
    return text + "…"


def _nice_top(most: float) -> float:
    """The next of 1, 2, 4, 8 × 10ⁿ, which four grid lines divide evenly."""
    if most <= 0:
        return 4.0
    power = 10.0 ** math.floor(math.log10(most))
    return next((step * power for step in (1, 2, 4, 8) if step * power >= most), 10 * power)


def _n(value: float) -> str:
    """A coordinate, short and without locale."""
    return f"{value:.1f}".removesuffix(".0")
