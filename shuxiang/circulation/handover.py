"""The acts of a superseded machine, as lines that another one does after it: by operation id, so that none is doubled."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from shuxiang.audit.models import Operation
from shuxiang.circulation.models import Loan
from shuxiang.circulation.services.replay import PastAct, Replay, Stands, Verb, replay
from shuxiang.common.actors import Actor
from shuxiang.holdings.models import Item
from shuxiang.libraries.models import Library
from shuxiang.patrons.models import Patron

FORMAT = 1
VERBS = {
    "circulation.check_out": Verb.CHECK_OUT,
    "circulation.check_in": Verb.CHECK_IN,
    "circulation.renew": Verb.RENEW,
    "circulation.cancel_loan": Verb.UNDO,
    "circulation.reopen_loan": Verb.UNDO,
    "circulation.cancel_renewal": Verb.UNDO,
}
OF_THE_MACHINE = ("safekeeping.",)  # its own backups and restores concern nobody else


class NotActs(Exception):
    """The file is none that `lines_since` wrote; `problem` says where it fails."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem


@dataclass
class Tally:
    """What became of the lines, and of which acts there were none, by the names of their kinds."""

    read: int = 0
    done: int = 0
    before: int = 0
    kept: int = 0
    not_carried: Counter[str] = field(default_factory=Counter)


def lines_since(since: datetime, host: str) -> Iterator[str]:
    """A heading and one line for each loan, return, renewal and undoing since then, in their order."""
    done = Operation.objects.filter(at__gte=since).select_related("undoes").order_by("at", "pk")
    others = Counter(
        one.action for one in done if one.action not in VERBS and not one.action.startswith(OF_THE_MACHINE)
    )
    yield json.dumps({"acts": FORMAT, "host": host, "since": since.isoformat(), "not_carried": others})
    for operation in done:
        if operation.action in VERBS:
            yield json.dumps(_line(operation), ensure_ascii=False)


def _line(operation: Operation) -> dict[str, object]:
    loan = Loan.objects.filter(pk=operation.result.get("loan") or 0).select_related("patron", "item").first()
    item = loan.item if loan else Item.objects.filter(pk=operation.result.get("item") or 0).first()
    code = item.identifiers.filter(to_at=None).values_list("value", flat=True).first() if item else None
    undoes = getattr(operation, "undoes", None)
    return {
        "operation": str(operation.pk),
        "library": operation.library_code,
        "verb": VERBS[operation.action],
        "at": operation.at.isoformat(),
        "actor": operation.actor,
        "door": operation.door,
        "reader": str(loan.patron.uuid) if loan and loan.patron else "",
        "code": code or "",
        "confirmed": operation.detail.get("confirmed", []),
        "undoes": str(undoes.pk) if undoes else "",
    }


def read_lines(lines: Iterable[str], now: datetime) -> Tally:
    """Do them, each once, at its own time; what the books refuse is kept for somebody to look at. Raises NotActs first."""
    found = [line for line in lines if line.strip()]
    try:
        heading = json.loads(found[0])
        if heading["acts"] != FORMAT:
            raise NotActs("1")
        tally = Tally(not_carried=Counter(heading["not_carried"]))
        acts = [_read(json.loads(line)) for line in found[1:]]
    except (IndexError, KeyError, TypeError, ValueError) as problem:
        raise NotActs(f"{type(problem).__name__}: {problem}"[:200]) from problem
    libraries = {library.code: library for library in Library.objects.all()}
    if unknown := {code for code, *_rest in acts} - set(libraries):
        raise NotActs("、".join(sorted(unknown)))
    for code, actor, reader, act in acts:
        patron = (
            Patron.objects.filter(library=libraries[code], uuid=reader, deleted_at=None).first()
            if reader
            else None
        )
        result = replay(library=libraries[code], act=act, stands=Stands(patron), by=actor, now=now)
        tally.read += 1
        tally.done += result.outcome is Replay.DONE
        tally.before += result.outcome is Replay.BEFORE
        tally.kept += result.outcome is Replay.KEPT
    return tally


def _read(line: dict[str, str]) -> tuple[str, Actor, UUID | None, PastAct]:
    act = PastAct(
        UUID(line["operation"]),
        datetime.fromisoformat(line["at"]),
        line["code"],
        Verb(line["verb"]),
        confirmed=frozenset(line["confirmed"]),
        undoes=UUID(line["undoes"]) if line["undoes"] else None,
    )
    if act.at.tzinfo is None:
        raise ValueError(line["at"])
    return (
        line["library"],
        Actor(line["actor"], line["door"]),
        UUID(line["reader"]) if line["reader"] else None,
        act,
    )
