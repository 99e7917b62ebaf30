"""What the dashboard says: figures turned into a sentence, a strip, charts and tables. Reads only."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from shuxiang.catalogue import clc
from shuxiang.desk.views.periods import before_label, month_label
from shuxiang.figures import registry
from shuxiang.figures.registry import REST, Figure, Scope, Value
from shuxiang.ui.charts import Bar, Point
from shuxiang.ui.numbers import grouped

PER_PUPIL = "circulation.loans_per_pupil"
STRIP = (
    PER_PUPIL, "circulation.loans_per_teacher", "circulation.participation", "circulation.rate",
    "holdings.volumes_per_pupil", "circulation.overdue",
)  # fmt: skip
CLASS_STRIP = (
    "libraries.pupils", "circulation.loans_pupils", PER_PUPIL, "circulation.participation",
    "circulation.never_borrowed", "circulation.overdue",
)  # fmt: skip
WAYS = {
    "class": gettext_lazy("by class"),
    "grade": gettext_lazy("by grade"),
    "month": gettext_lazy("by month"),
    "clc": gettext_lazy("by CLC class"),
    "division": gettext_lazy("by division"),
    "location": gettext_lazy("by shelf"),
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
    formula: str = ""


def address(code: str, scope: Scope, **query: str) -> str:
    """Where a figure's rows are."""
    asked = {"period": scope.period.code} | query
    if scope.school_class_id is not None:
        asked["class"] = str(scope.school_class_id)
    return f"{reverse('desk:figure', args=[code])}?{urlencode(asked)}"


def written(figure: Figure, value: Value) -> str:
    return grouped(value.rounded(figure.decimals), figure.decimals)


def lead(scope: Scope, values: Values, then: Values) -> SafeString:
    """What the numbers mean, in a sentence or two."""
    figure, value = registry.get(PER_PUPIL), values[PER_PUPIL]
    if not values["circulation.loans"].number:
        return format_html("{}", _("Nothing was lent in this period."))
    sentences = [format_html("{}", _loans_sentence(scope, figure, value, then[PER_PUPIL], values))]
    never = values["circulation.never_borrowed"].number
    if never:
        words = ngettext(
            "%(count)s pupil borrowed nothing.", "%(count)s pupils borrowed nothing.", int(never)
        ) % {"count": grouped(never)}
        url = address("circulation.never_borrowed", scope)
        sentences.append(format_html('<a class="hot" href="{}">{}</a>', url, words))
    elif never is not None:
        sentences.append(format_html("{}", _("Every pupil borrowed something.")))
    return format_html_join(" ", "{}", ((each,) for each in sentences))


def _loans_sentence(scope: Scope, figure: Figure, value: Value, before: Value, values: Values) -> str:
    now, then = value.rounded(figure.decimals), before.rounded(figure.decimals)
    if now is None:
        return _("%(count)s volumes were lent.") % {"count": grouped(values["circulation.loans"].number)}
    words = {"now": grouped(now, 2), "before": before_label(scope.period)}
    if not then:
        return _("Each pupil borrowed %(now)s volumes.") % words
    words["then"] = grouped(then, 2)
    if scope.last_day < scope.period.ends_on:
        return (
            _("Each pupil has borrowed %(now)s volumes so far; in all of %(before)s it was %(then)s.") % words
        )
    words["change"] = grouped(abs(now - then), 2)
    if now > then:
        return _("Each pupil borrowed %(now)s volumes, %(change)s more than %(before)s.") % words
    if now < then:
        return _("Each pupil borrowed %(now)s volumes, %(change)s fewer than %(before)s.") % words
    return _("Each pupil borrowed %(now)s volumes, as many as %(before)s.") % words


def strip(scope: Scope, values: Values, then: Values) -> list[Cell]:
    """Six figures that speak; for one class, those that a class has."""
    codes = STRIP if scope.school_class_id is None else CLASS_STRIP
    return [_cell(scope, registry.get(code), values[code], then[code]) for code in codes]


def table(scope: Scope, found: list[tuple[Figure, Value]], then: Values) -> list[Cell]:
    """Every figure; for one class, those that can be split by class."""
    return [
        _cell(scope, figure, value, then[figure.code])
        for figure, value in found
        if scope.school_class_id is None or "class" in figure.parts
    ]


def _cell(scope: Scope, figure: Figure, value: Value, before: Value) -> Cell:
    kind, words = _state(scope, figure, value)
    last = written(figure, before)
    note = "" if before.number is None else f"{before_label(scope.period)} {last}"
    return Cell(
        name=str(figure.title),
        value=written(figure, value),
        unit="" if value.number is None else str(figure.unit),
        url=address(figure.code, scope),
        state_kind=kind,
        state_words=words,
        note=note,
        before=last,
        formula=str(figure.formula),
    )


def _state(scope: Scope, figure: Figure, value: Value) -> tuple[str, str]:
    """Reached or not, where a standard says something; overdue is overdue."""
    if figure.code == "circulation.overdue" and value.number:
        return "late", _("to be called in")
    standard = scope.library.standard
    fields = {
        "holdings.volumes_per_pupil": "volumes_per_pupil",
        "libraries.opening_hours": "opening_hours_week",
        "holdings.additions_per_pupil": "new_volumes_per_pupil_year",
    }
    is_asked = figure.code in fields and not (
        figure.code == "holdings.additions_per_pupil"
        and (scope.period.ends_on - scope.period.starts_on).days < 360
    )
    wanted = getattr(standard, fields[figure.code], None) if standard and is_asked else None
    number = value.rounded(figure.decimals)
    if wanted is None or number is None:
        return "", ""
    words = {"standard": f"{wanted.normalize():,f}", "short": grouped(wanted - number, figure.decimals)}
    if number >= wanted:
        return "ok", _("standard %(standard)s, reached") % words
    return "short", _("standard %(standard)s, short by %(short)s") % words


def class_bars(scope: Scope, before: Scope) -> list[Bar]:
    """Class against class: loans per pupil, with those of the period before."""
    split = registry.get(PER_PUPIL).parts["class"]
    last = {part.key: part.value.number for part in split(before)}
    return [
        Bar(part.label, part.value.number, last.get(part.key))
        for part in split(scope)
        if part.value.number is not None
    ]


def month_points(before: Scope, scope: Scope) -> list[Point]:
    """Loans month by month through the period before and this one."""
    split = registry.get("circulation.loans").parts["month"]
    return [
        Point(month_label(part.key), part.value.number or Decimal(0))
        for each in (before, scope)
        for part in split(each)
    ]


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
    """What was lent by CLC class, as spines on a shelf."""
    code = "circulation.loans"
    return [
        Spine(
            "" if part.key == REST else part.key,
            part.label.partition(" ")[2] or part.label,
            int(part.value.number or 0),
            address(code, scope, part=f"clc:{part.key}"),
        )
        for part in registry.get(code).parts["clc"](scope)
    ]
