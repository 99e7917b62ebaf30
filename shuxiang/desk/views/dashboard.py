"""What the dashboard says: figures turned into a sentence, a strip, charts and tables. Reads only."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from shuxiang.catalogue import clc
from shuxiang.desk.views.periods import before_label, month_label, period_label
from shuxiang.figures import registry, selectors
from shuxiang.figures.registry import REST, Figure, Scope, Value
from shuxiang.figures.rules import is_reached
from shuxiang.ui.charts import Bar, Point, Span
from shuxiang.ui.numbers import grouped

PER_PUPIL = "circulation.loans_per_pupil"
NEVER = "circulation.never_borrowed"
STRIP = (
    PER_PUPIL, "circulation.loans_per_teacher", "circulation.participation", "circulation.rate",
    "holdings.volumes_per_pupil", "circulation.overdue",
)  # fmt: skip
CLASS_STRIP = (
    "libraries.pupils", "circulation.loans_pupils", PER_PUPIL, "circulation.participation",
    "circulation.never_borrowed", "circulation.overdue",
)  # fmt: skip
SPOKEN = frozenset(
    {*STRIP, *CLASS_STRIP, NEVER, "circulation.loans", "holdings.volumes"}
)  # asked for the dashboard
WAYS = {
    "class": gettext_lazy("by class"),
    "grade": gettext_lazy("by grade"),
    "month": gettext_lazy("by month"),
    "clc": gettext_lazy("by CLC class"),
    "division": gettext_lazy("by division"),
    "location": gettext_lazy("by shelf"),
    "room": gettext_lazy("by room"),
    "hour": gettext_lazy("by hour"),
    "kind": gettext_lazy("by kind"),
    "severity": gettext_lazy("by damage"),
}
Values = Mapping[str, Value]


@dataclass(frozen=True)
class Cell:
    """One figure of the strip or the table."""

    name: str
    value: str
    unit: str
    url: str
    state_kind: str = ""
    state_words: str = ""
    note: str = ""
    before: str = ""
    target: str = ""
    formula: str = ""


def address(code: str, scope: Scope, **query: str) -> str:
    """Where a figure's rows are."""
    asked = {"period": scope.period.code} | query
    if scope.school_class_id is not None:
        asked["class"] = str(scope.school_class_id)
    return f"{reverse('desk:figure', args=[code])}?{urlencode(asked)}"


def written(figure: Figure, value: Value) -> str:
    return grouped(value.rounded(figure.decimals), figure.decimals)


@dataclass(frozen=True)
class Board:
    """A period beside the one before, counted up to the same point while this one runs; and what is meant to be reached."""

    scope: Scope
    before: Scope
    values: Values
    then: Values
    targets: Mapping[str, Decimal]

    @property
    def is_running(self) -> bool:
        return self.scope.last_day < self.scope.period.ends_on

    @property
    def before_label(self) -> str:
        return before_label(self.scope.period, is_running=self.is_running)

    def target(self, figure: Figure) -> Decimal | None:
        """The library's target; for one class only where it is one per head, which holds for every class."""
        is_shared = self.scope.school_class_id is None or self.values[figure.code].denominator is not None
        return self.targets.get(figure.code) if is_shared else None


def board(scope: Scope, found: list[tuple[Figure, Value]]) -> Board:
    """Ask the period before for the same figures."""
    calendar = scope.ground.calendar
    is_running = scope.last_day < scope.period.ends_on
    as_of = calendar.as_far_before(scope.period, scope.last_day) if is_running else scope.as_of
    before = scope.beside(calendar.previous(scope.period), as_of)
    values = {figure.code: value for figure, value in found}
    then = {figure.code: value for figure, value in selectors.values(before, values)}
    return Board(scope, before, values, then, selectors.targets(scope.library, scope.period.code))


def lead(on: Board) -> SafeString:
    """What the numbers mean, in a sentence or two."""
    if not on.values["circulation.loans"].number:
        return format_html("{}", _("Nothing was lent in this period."))
    sentences = [format_html("{}", words) for words in (_loans_sentence(on), _target_sentence(on)) if words]
    return format_html_join(" ", "{}", ((each,) for each in [*sentences, *_absence_sentences(on)]))


def _loans_sentence(on: Board) -> str:
    figure = registry.get(PER_PUPIL)
    now = on.values[PER_PUPIL].rounded(figure.decimals)
    then = on.then[PER_PUPIL].rounded(figure.decimals)
    if now is None:
        return _("%(count)s volumes were lent.") % {"count": grouped(on.values["circulation.loans"].number)}
    words = {"now": grouped(now, 2), "before": on.before_label}
    if not then:
        return _("Each pupil borrowed %(now)s volumes.") % words
    words["change"] = grouped(abs(now - then), 2)
    if now > then:
        return _("Each pupil borrowed %(now)s volumes, %(change)s more than %(before)s.") % words
    if now < then:
        return _("Each pupil borrowed %(now)s volumes, %(change)s fewer than %(before)s.") % words
    return _("Each pupil borrowed %(now)s volumes, as many as %(before)s.") % words


def _target_sentence(on: Board) -> str:
    figure = registry.get(PER_PUPIL)
    now, target = on.values[PER_PUPIL].rounded(figure.decimals), on.target(figure)
    if now is None or target is None:
        return ""
    words = {"target": _plain(target), "short": grouped(target - now, 2)}
    if now >= target:
        return _("The target of %(target)s is reached.") % words
    return _("%(short)s more and the target of %(target)s is reached.") % words


def _absence_sentences(on: Board) -> list[SafeString]:
    never = on.values[NEVER].number
    if never is None:
        return []
    if not never:
        return [format_html("{}", _("Every pupil borrowed something."))]
    words = ngettext("%(count)s pupil borrowed nothing.", "%(count)s pupils borrowed nothing.", int(never))
    url = address(NEVER, on.scope)
    link = format_html('<a class="hot" href="{}">{}</a>', url, words % {"count": grouped(never)})
    parts = registry.get(NEVER).parts["class"](on.scope) if on.scope.school_class_id is None else []
    worst = max(parts, key=lambda part: part.value.number or 0, default=None)
    if worst is None or not worst.value.number or worst.value.number * 3 < never or len(parts) < 4:
        return [link]
    told = _("%(count)s of them in %(class)s.") % {"count": grouped(worst.value.number), "class": worst.label}
    return [link, format_html("{}", told)]


def _plain(number: Decimal) -> str:
    """9, not 9.0000."""
    return f"{number.normalize():,f}"


def strip(on: Board) -> list[Cell]:
    """Six figures that speak; for one class, those that a class has."""
    codes = STRIP if on.scope.school_class_id is None else CLASS_STRIP
    return [_cell(on, registry.get(code)) for code in codes]


def table(on: Board, found: list[tuple[Figure, Value]]) -> list[Cell]:
    """Every figure; for one class, those that can be split by class."""
    return [
        _cell(on, figure)
        for figure, _value in found
        if on.scope.school_class_id is None or "class" in figure.parts
    ]


def _cell(on: Board, figure: Figure) -> Cell:
    value, before = on.values[figure.code], on.then[figure.code]
    kind, words = _state(on, figure, value)
    last, target = written(figure, before), on.target(figure)
    return Cell(
        name=str(figure.title),
        value=written(figure, value),
        unit="" if value.number is None else str(figure.unit),
        url=address(figure.code, on.scope),
        state_kind=kind,
        state_words=words,
        note="" if before.number is None else f"{on.before_label} {last}",
        before=last,
        target="" if target is None else grouped(target, figure.decimals),
        formula=str(figure.formula),
    )


def _state(on: Board, figure: Figure, value: Value) -> tuple[str, str]:
    """Reached or not, where there is a target, else where a standard says something; overdue is overdue."""
    number, target = value.rounded(figure.decimals), on.target(figure)
    if number is not None and target is not None:
        return _against_target(figure, number, target)
    if figure.code == "circulation.overdue" and value.number:
        return "late", _("to be called in")
    wanted = _standard(on.scope, figure)
    if wanted is None or number is None:
        return "", ""
    words = {"standard": _plain(wanted), "short": grouped(wanted - number, figure.decimals)}
    if number >= wanted:
        return "ok", _("standard %(standard)s, reached") % words
    return "short", _("standard %(standard)s, short by %(short)s") % words


def _against_target(figure: Figure, number: Decimal, target: Decimal) -> tuple[str, str]:
    words = {"target": _plain(target), "short": grouped(abs(target - number), figure.decimals)}
    if is_reached(number, target, less_is_better=figure.less_is_better):
        return "ok", _("target %(target)s, reached") % words
    if figure.less_is_better:
        return "late", _("target %(target)s, %(short)s too many") % words
    return "short", _("target %(target)s, short by %(short)s") % words


def _standard(scope: Scope, figure: Figure) -> Decimal | None:
    """What the library's standard asks; new volumes a year only of a year."""
    fields = {
        "holdings.volumes_per_pupil": "volumes_per_pupil",
        "libraries.opening_hours": "opening_hours_week",
        "holdings.additions_per_pupil": "new_volumes_per_pupil_year",
    }
    is_year = (scope.period.ends_on - scope.period.starts_on).days >= 360
    if figure.code not in fields or (figure.code == "holdings.additions_per_pupil" and not is_year):
        return None
    return getattr(scope.library.standard, fields[figure.code], None)


def class_bars(on: Board) -> list[Bar]:
    """Class against class: loans per pupil, with those of the period before."""
    split = registry.get(PER_PUPIL).parts["class"]
    last = {part.key: part.value.number for part in split(on.before)}
    return [
        Bar(part.label, part.value.number, last.get(part.key))
        for part in split(on.scope)
        if part.value.number is not None
    ]


def of_classes(on: Board, bars: list[Bar]) -> str:
    """What the bars of the classes say: the ends, and who gained most."""
    if len(bars) < 2:
        return ""
    most, least = max(bars, key=lambda bar: bar.value), min(bars, key=lambda bar: bar.value)
    said = [
        _("%(first)s reads most, %(most)s; %(last)s least, %(least)s.")
        % {
            "first": most.label,
            "most": grouped(most.value, 2),
            "last": least.label,
            "least": grouped(least.value, 2),
        }
    ]
    known = [
        (Decimal(bar.value) - Decimal(bar.previous), bar.label) for bar in bars if bar.previous is not None
    ]
    if known and max(known)[0] > 0:
        gain, label = max(known)
        words = {"class": label, "gain": grouped(gain, 2), "before": on.before_label}
        said.append(_("%(class)s gained most: %(gain)s more than %(before)s.") % words)
    return " ".join(said)


def month_points(on: Board) -> tuple[list[Point], list[Span]]:
    """Loans month by month through the whole period before and this one, and where each of them stands."""
    split = registry.get("circulation.loans").parts["month"]
    points: list[Point] = []
    spans = []
    for each in (replace(on.before, as_of=on.scope.as_of), on.scope):
        parts = split(each)
        points += [Point(month_label(part.key), part.value.number or Decimal(0)) for part in parts]
        total = sum((part.value.number or Decimal(0) for part in parts), Decimal(0))
        if parts:
            label = f"{period_label(each.period)}　{grouped(total)}"
            spans.append(Span(label, len(points) - len(parts), len(points) - 1))
    return points, spans


def of_months(points: list[Point]) -> str:
    """Which month was the busiest."""
    top = max(points, key=lambda point: point.value, default=None)
    if top is None or not top.value:
        return ""
    return _("Most in %(month)s: %(count)s.") % {"month": top.label, "count": grouped(top.value)}


@dataclass(frozen=True)
class DivisionRow:
    name: str
    letters: str
    volumes: Decimal
    share: Decimal
    standard: Decimal | None
    short: Decimal | None
    state_kind: str
    state_words: str
    url: str


def divisions(scope: Scope, volumes: Value) -> list[DivisionRow]:
    """The five divisions against the standard's shares; within its tolerance a share counts as reached."""
    standard, rows = scope.library.standard, []
    shares = standard.division_shares if standard else {}
    tolerance = standard.division_tolerance if standard else Decimal(0)
    for part in registry.get("holdings.divisions").parts["division"](scope):
        letters = clc.DIVISIONS[int(part.key) - 1].letters
        share = part.value.rounded(2) or Decimal(0)
        wanted = Decimal(str(shares[part.key])) if part.key in shares else None
        kind, words = _against(share, wanted, tolerance)
        short = (wanted - share) * (volumes.number or 0) / 100 if wanted and kind == "short" else None
        rows.append(
            DivisionRow(
                name=part.label,
                letters=letters if len(letters) == 1 else f"{letters[0]}–{letters[-1]}",
                volumes=part.value.numerator or Decimal(0),
                share=share,
                standard=wanted,
                short=short,
                state_kind=kind,
                state_words=words,
                url=address("holdings.divisions", scope, part=f"division:{part.key}"),
            )
        )
    return rows


def _against(share: Decimal, wanted: Decimal | None, tolerance: Decimal) -> tuple[str, str]:
    if wanted is None:
        return "", ""
    if share >= wanted:
        return "ok", _("reached")
    return (
        ("ok", _("within the tolerance"))
        if share >= wanted - tolerance
        else ("short", _("below the standard"))
    )


@dataclass(frozen=True)
class Spine:
    letter: str
    label: str
    count: int
    url: str


def spines(scope: Scope) -> list[Spine]:
    """What was lent by CLC class, as spines on a shelf; to a class, what its pupils borrowed."""
    code = "circulation.loans" if scope.school_class_id is None else "circulation.loans_pupils"
    return [
        Spine(
            "" if part.key == REST else part.key,
            part.label.partition(" ")[2] or part.label,
            int(part.value.number or 0),
            address(code, scope, part=f"clc:{part.key}"),
        )
        for part in registry.get(code).parts["clc"](scope)
    ]
