"""What a report knows: values of figures, written down once, so that a signed report can be printed again as it was."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.utils import translation

from shuxiang.figures import registry
from shuxiang.figures.registry import Scope, Value
from shuxiang.libraries import selectors as libraries
from shuxiang.libraries.models import Library, Standard


@dataclass(frozen=True)
class Fact:
    """One value of a figure, or of one part of it, with what is needed to explain it on paper."""

    code: str
    period: str
    title: str
    unit: str
    formula: str
    decimals: int
    number: Decimal | None
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    by: str = ""
    key: str = ""
    label: str = ""

    @property
    def source(self) -> str:
        """What tells rows of the list of sources apart."""
        return f"{self.code}|{self.period}|{self.by}"

    @property
    def path(self) -> str:
        """Where the desk shows the rows behind it; nothing for a standard's own number."""
        if self.code.startswith("standard."):
            return ""
        return f"/desk/figures/{self.code}/?period={self.period}" + (f"&by={self.by}" if self.by else "")

    @property
    def rounded(self) -> Decimal | None:
        if self.number is None:
            return None
        return self.number.quantize(Decimal(1).scaleb(-self.decimals), ROUND_HALF_UP)


@dataclass(frozen=True)
class Wanted:
    """Which figures a report needs: codes, and (code, by) for parts; the same of the period before."""

    codes: tuple[str, ...]
    parts: tuple[tuple[str, str], ...] = ()
    previous_codes: tuple[str, ...] = ()
    previous_parts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class FactBook:
    """All facts of one report."""

    library: str
    kind: str
    period: str
    previous: str
    starts_on: date
    ends_on: date
    last_day: date
    written_on: date
    standard: str = ""
    shares: Mapping[str, Decimal] = field(default_factory=dict)
    tolerance: Decimal = Decimal(0)
    facts: tuple[Fact, ...] = ()

    @property
    def is_running(self) -> bool:
        return self.last_day < self.ends_on

    def get(self, code: str, *, previous: bool = False) -> Fact:
        """A figure's value. Raises KeyError when the report did not ask for it."""
        period = self.previous if previous else self.period
        for fact in self.facts:
            if fact.code == code and fact.period == period and not fact.by:
                return fact
        raise KeyError(code)

    def find(self, code: str) -> Fact | None:
        """A standard's number, if the standard has one."""
        return next((fact for fact in self.facts if fact.code == code), None)

    def parts(self, code: str, by: str, *, previous: bool = False) -> list[Fact]:
        period = self.previous if previous else self.period
        return [fact for fact in self.facts if (fact.code, fact.by, fact.period) == (code, by, period)]


def collect(library: Library, period_code: str, wanted: Wanted, *, today: date) -> FactBook:
    """Ask the figures, in Simplified Chinese: a statutory paper has one language. Raises BadPeriod."""
    period = libraries.period(library, period_code)
    before = libraries.previous_period(library, period)
    now, then = Scope(library, period, as_of=today), Scope(library, before, as_of=today)
    with translation.override("zh-hans"):
        facts = [
            *_facts(now, wanted.codes, wanted.parts),
            *_facts(then, wanted.previous_codes, wanted.previous_parts),
            *_of_standard(library.standard, period.code),
        ]
    standard = library.standard
    return FactBook(
        library=library.name,
        kind=library.kind,
        period=period.code,
        previous=before.code,
        starts_on=period.starts_on,
        ends_on=period.ends_on,
        last_day=now.last_day,
        written_on=today,
        standard=standard.name if standard else "",
        shares={n: Decimal(str(share)) for n, share in standard.division_shares.items()} if standard else {},
        tolerance=standard.division_tolerance if standard else Decimal(0),
        facts=tuple(facts),
    )


def _facts(scope: Scope, codes: Iterable[str], parts: Iterable[tuple[str, str]]) -> Iterable[Fact]:
    for code in codes:
        yield _fact(scope, registry.get(code), registry.get(code).value(scope))
    for code, by in parts:
        figure = registry.get(code)
        for part in figure.parts[by](scope):
            yield _fact(scope, figure, part.value, by=by, key=part.key, label=part.label)


def _fact(scope: Scope, figure: registry.Figure, value: Value, **part: str) -> Fact:
    return Fact(
        code=figure.code,
        period=scope.period.code,
        title=str(figure.title),
        unit=str(figure.unit),
        formula=str(figure.formula),
        decimals=figure.decimals,
        number=value.number,
        numerator=value.numerator,
        denominator=value.denominator,
        **part,
    )


# What has still to be verified is said where standards are kept, not in a school's official paper.
UNVERIFIED = re.compile(r"（[^（）]*待核[^（）]*）|；[^；]*待核")
STANDARD_FIELDS = {
    "volumes_per_pupil": ("生均藏书标准", "册", 0),
    "opening_hours_week": ("每周开放时间标准", "小时", 0),
}


def _of_standard(standard: Standard | None, period: str) -> Iterable[Fact]:
    for name, (title, unit, decimals) in STANDARD_FIELDS.items():
        number = getattr(standard, name, None)
        if standard is not None and number is not None:
            digits = decimals if number == number.to_integral_value() else 2
            source = f"{standard.name}：{UNVERIFIED.sub('', standard.source)}"
            yield Fact(f"standard.{name}", period, title, unit, source, digits, number)


# to JSON and back


def to_json(book: FactBook) -> dict[str, Any]:
    """Everything as texts and lists, for a frozen report."""
    data = asdict(book) | {"facts": [asdict(fact) for fact in book.facts]}
    return {key: _plain(value) for key, value in data.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {key: _plain(each) for key, each in value.items()}
    return [_plain(each) for each in value] if isinstance(value, list | tuple) else value


def from_json(data: Mapping[str, Any]) -> FactBook:
    """The book that to_json wrote; keys of later releases are passed over."""
    known = {each.name for each in fields(FactBook)}
    days = {
        name: date.fromisoformat(data[name]) for name in ("starts_on", "ends_on", "last_day", "written_on")
    }
    return FactBook(
        **{key: value for key, value in data.items() if key in known}
        | days
        | {
            "shares": {key: Decimal(value) for key, value in data["shares"].items()},
            "tolerance": Decimal(data["tolerance"]),
            "facts": tuple(_fact_from(each) for each in data["facts"]),
        }
    )


def _fact_from(data: Mapping[str, Any]) -> Fact:
    numbers = {
        name: None if data[name] is None else Decimal(data[name])
        for name in ("number", "numerator", "denominator")
    }
    known = {each.name for each in fields(Fact)}
    return Fact(**{key: value for key, value in data.items() if key in known} | numbers)
