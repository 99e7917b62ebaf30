"""Which reports there are: one file each, named by the decorator."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from shuxiang.audit.discovery import Discovery
from shuxiang.reports.blocks import Paper
from shuxiang.reports.facts import FactBook, Wanted

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise
else:
    StrOrPromise = object

Compose = Callable[[FactBook], Paper]


@dataclass(frozen=True)
class Report:
    """A report: what it asks the figures for, and how it turns the answers into a paper."""

    code: str
    title: "StrOrPromise"
    wanted: Wanted
    compose: Compose


class UnknownReport(KeyError):
    """There is no report of this code."""


_reports: dict[str, Report] = {}
_discover = Discovery("papers")


def report(code: str, *, title: "StrOrPromise", wanted: Wanted) -> Callable[[Compose], Compose]:
    """Register the function below as the composer of a report."""

    def register(compose: Compose) -> Compose:
        if code in _reports:
            raise ValueError(f"report {code} registered twice")
        _reports[code] = Report(code, title, wanted, compose)
        return compose

    return register


def get(code: str) -> Report:
    _discover()
    try:
        return _reports[code]
    except KeyError:
        raise UnknownReport(code) from None


def all_reports() -> list[Report]:
    _discover()
    return [_reports[code] for code in sorted(_reports)]
