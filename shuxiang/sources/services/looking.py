"""Look up in other catalogues: the packs of this machine first, then every target at once; one that fails stops no other."""

from __future__ import annotations

import hashlib
import queue
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db import transaction

from shuxiang import marc
from shuxiang.audit import jobs
from shuxiang.audit.models import Job
from shuxiang.common import clock
from shuxiang.sources.asking import Call, NotAnswered, Way
from shuxiang.sources.found import Found
from shuxiang.sources.models import Answer, Target
from shuxiang.sources.rules import Question, cql, fits, question, rank, sru_address
from shuxiang.sources.selectors import in_packs, of_answer
from shuxiang.sources.sru import read_answer

KEPT = timedelta(days=3)
MOST_AT_ONCE = 12  # targets asked for one question
_GRACE_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class Told:
    """What became of one target: `outcome` is ok, nothing, not_asked or a code of NotAnswered; `found` what fits."""

    target_id: int
    name: str
    outcome: str
    found: int = 0
    milliseconds: int = 0
    detail: str = ""


@dataclass(frozen=True, slots=True)
class LookedUp:
    """Results, the best first, and what became of each target that was asked."""

    found: tuple[Found, ...]
    told: tuple[Told, ...]

    def __iter__(self) -> Iterator[Found]:
        return iter(self.found)

    def __len__(self) -> int:
        return len(self.found)


def look_up(
    *, isbn: str = "", title: str = "", at: datetime, ask_packs: bool = True, ask_targets: bool = True
) -> LookedUp:
    """Everything other catalogues have under an ISBN (or 统一书号), else under a title, ranked; never raises for a target.

    Takes as long as the slowest target may. Call it outside of a transaction: answers are kept for some days in one
    of their own, so that what is chosen can be fetched by its reference.
    """
    asked = question(isbn, title)
    results = in_packs(asked) if asked and ask_packs else []
    told: tuple[Told, ...] = ()
    if asked and ask_targets:
        heard = ask(list(Target.objects.filter(removed_at=None, is_used=True)[:MOST_AT_ONCE]), asked, at=at)
        told = heard.told
        results += heard.found
    return LookedUp(tuple(_without_twins(sorted(results, key=lambda one: rank(asked, one.looks)))), told)


def _without_twins(found: Sequence[Found]) -> Iterator[Found]:
    """The same bytes under the same name once."""
    seen: set[tuple[str, bytes]] = set()
    for one in found:
        if (one.source, one.raw) not in seen:
            seen.add((one.source, one.raw))
            yield one


@dataclass(frozen=True, slots=True)
class _Heard:
    """What came back from one target, and when; in the order of the server."""

    target: Target
    records: tuple[marc.RawRecord, ...]
    told: Told


def ask(targets: Sequence[Target], asked: Question, *, at: datetime) -> LookedUp:
    """Ask these targets at once and wait for each as long as it is allowed; keep what they gave and how it went."""
    heard = _all_heard(targets, asked)
    found: list[Found] = []
    told: list[Told] = []
    with transaction.atomic():
        for each in heard:
            fitting = list(_kept(each, asked, at))
            outcome = "nothing" if each.told.outcome == "ok" and not fitting else each.told.outcome
            said = replace(each.told, outcome=outcome, found=len(fitting))
            Target.objects.filter(pk=each.target.pk).update(
                asked_at=at, outcome=said.outcome, found=said.found, milliseconds=said.milliseconds
            )
            found += fitting
            told.append(said)
    return LookedUp(tuple(found), tuple(told))


def _all_heard(targets: Sequence[Target], asked: Question) -> list[_Heard]:
    results: queue.Queue[_Heard] = queue.Queue()
    calls: dict[int, Call] = {}
    begun = time.monotonic()
    waiting: dict[int, Target] = {}
    done: dict[int, _Heard] = {}
    for target in targets:
        words = cql(asked, target.isbn_index, target.title_index)
        if not words:
            done[target.pk] = _Heard(target, (), Told(target.pk, target.name, "not_asked"))
            continue
        address = sru_address(target.address, target.version, target.record_schema, words)
        call = calls[target.pk] = Call(address, Way(target.timeout_seconds, target.allows_private))
        waiting[target.pk] = target
        threading.Thread(target=_hear, args=(target, call, results), daemon=True, name="sru").start()
    while waiting:
        now = time.monotonic()
        for target in list(waiting.values()):
            if now - begun > target.timeout_seconds + _GRACE_SECONDS:
                calls[target.pk].give_up()
                del waiting[target.pk]
                done[target.pk] = _Heard(target, (), _told(target, begun, "timeout"))
        if not waiting:
            break
        nearest = min(begun + one.timeout_seconds + _GRACE_SECONDS for one in waiting.values()) - now
        try:
            one = results.get(timeout=max(nearest, 0) + 0.01)
        except queue.Empty:
            continue
        if waiting.pop(one.target.pk, None) is not None:
            done[one.target.pk] = one
    return [done[target.pk] for target in targets]


def _told(target: Target, begun: float, outcome: str, *, found: int = 0, detail: str = "") -> Told:
    return Told(target.pk, target.name, outcome, found, round(1000 * (time.monotonic() - begun)), detail)


def _hear(target: Target, call: Call, results: queue.Queue[_Heard]) -> None:
    """In a thread of its own, without the database."""
    begun = time.monotonic()
    try:
        answer = read_answer(call.answer(), target.profile)
    except NotAnswered as problem:
        results.put(_Heard(target, (), _told(target, begun, problem.code, detail=problem.detail)))
    except (
        Exception
    ) as problem:  # a server may send anything; what we did not foresee must not cost the others
        results.put(_Heard(target, (), _told(target, begun, "unreadable", detail=type(problem).__name__)))
    else:
        outcome = "ok" if answer.records else "nothing"
        detail = "; ".join(answer.diagnostics)[:200]
        told = _told(target, begun, outcome, found=len(answer.records), detail=detail)
        results.put(_Heard(target, answer.records, told))


def _kept(heard: _Heard, asked: Question, at: datetime) -> Iterator[Found]:
    for place, read in enumerate(heard.records):
        answer, _made = Answer.objects.update_or_create(
            target=heard.target,
            sha256=hashlib.sha256(read.raw).hexdigest(),
            defaults={
                "profile": read.profile, "encoding": read.encoding, "content": read.raw, "received_at": at,
            },
        )  # fmt: skip
        found = of_answer(answer, (1, heard.target.place, place))
        if found is not None and fits(asked, found.looks):
            yield found


@jobs.handles("sources.tidy")
def tidy(_job: Job, _progress: jobs.Progress) -> str:
    """Throw away answers that nobody chose."""
    return str(Answer.objects.filter(received_at__lt=clock.now() - KEPT).delete()[0])


def _is_due(at: datetime) -> dict[str, object] | None:
    return {} if Answer.objects.filter(received_at__lt=at - KEPT - timedelta(hours=12)).exists() else None


jobs.when_idle("sources.tidy", _is_due)
