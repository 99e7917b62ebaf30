"""One act through every door: the service, the desk's page, the self-service machine, the REST interface, the command
line, an imported loan log, and afterwards as a device without a network sends it.

Each door takes a stage and an act and says what came of it in the same words, so that the doors can be compared.
"""

import csv
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse

from shuxiang.accounts import shipped
from shuxiang.accounts.models import Account, Role
from shuxiang.accounts.services import (
    KioskValues,
    create_account,
    grant,
    issue_api_token,
    issue_kiosk_code,
    save_kiosk,
)
from shuxiang.audit.models import Operation
from shuxiang.catalogue.models import BibliographicRecord
from shuxiang.catalogue.services import RecordValues, save_record
from shuxiang.circulation.holdmodels import Hold
from shuxiang.circulation.messages import words
from shuxiang.circulation.models import Loan
from shuxiang.circulation.selectors import identify
from shuxiang.circulation.services import (
    Outcome,
    PastAct,
    Replay,
    Replayed,
    ScanResult,
    Sitting,
    Stands,
    Verb,
    check_out,
    default_policies,
    lend,
    renew,
    replay,
    take_back,
)
from shuxiang.cli import dispatch
from shuxiang.common import clock
from shuxiang.common.decisions import Reason, Refused, Weight
from shuxiang.common.ids import uuid7
from shuxiang.desk.showing import Shown
from shuxiang.holdings.models import Item, Movement
from shuxiang.holdings.services import add_items, draft_batch, hold, post_batch
from shuxiang.kiosk.words import Said
from shuxiang.libraries.models import Library, SchoolClass
from shuxiang.libraries.services import create_library, find_or_open
from shuxiang.patrons.models import Block, Patron
from shuxiang.patrons.services import add_patron, default_categories
from tests.school import BY, CANARY, SCHOOL_YEAR, START

ISBN = "9787534243806"
HALF_A_YEAR = timedelta(days=180)
BACKEND = "django.contrib.auth.backends.ModelBackend"


@dataclass(frozen=True)
class Stage:
    """Two readers of school A who have nothing, books with and without labels, a reference work; school B beside it."""

    library: Library
    librarian: Account
    pupil: Patron  # card A0011
    other: Patron  # card A0012
    labelled: list[Item]  # AB1, AB2
    unlabelled: list[Item]
    reference: Item  # AR1
    files: Path
    capsys: pytest.CaptureFixture[str]

    @property
    def record(self) -> BibliographicRecord:
        """The title of the labelled volumes."""
        return self.labelled[0].holding.record

    def lent(self, item: Item, patron: Patron, *, days_ago: int = 1) -> Loan:
        at = clock.now() - timedelta(days=days_ago)
        return check_out(library=self.library, patron=patron, item=item, at=at, by=BY)


def set_stage(files: Path, capsys: pytest.CaptureFixture[str]) -> Stage:
    """Everybody in place, half a year ago: two schools with no more than lending needs."""
    shipped.install(Role)
    library, school_class = _school("a", "榆树")
    other_school, other_class = _school("b", CANARY)
    _pupil(other_school, other_class, f"{CANARY}小朋友", "B0001")
    add_book(other_school, f"{CANARY}新书", barcode="BB")
    librarian = create_account(username="librarian", display_name="馆员", by=BY, at=START)
    grant(account=librarian, role="librarian", library=library, from_on=date(2026, 1, 1), by=BY, at=START)
    return Stage(
        library=library,
        librarian=librarian,
        pupil=_pupil(library, school_class, "榆树同学", "A0011"),
        other=_pupil(library, school_class, "榆树同桌", "A0012"),
        labelled=add_book(library, "榆树新书", copies=2, barcode="AB"),
        unlabelled=add_book(library, "西游记", copies=2, isbn=ISBN),
        reference=add_book(library, "榆树词典", barcode="AR", clc="H164", is_reference=True)[0],
        files=files,
        capsys=capsys,
    )


def _school(code: str, word: str) -> tuple[Library, SchoolClass]:
    """A library with its usual readers and rules, and a class."""
    library = create_library(code=code, name=f"{word}小学", kind="primary", by=BY, at=START)
    default_categories(library)
    default_policies(library=library, at=START, by=BY)
    return library, find_or_open(library=library, label="三（1）班", school_year=SCHOOL_YEAR, by=BY, at=START)


def _pupil(library: Library, school_class: SchoolClass, name: str, card: str) -> Patron:
    at = clock.now() - HALF_A_YEAR
    return add_patron(
        library=library,
        name=name,
        category=default_categories(library)["pupil"],
        card_number=card,
        on=clock.local_date(at),
        by=BY,
        at=at,
        school_class=school_class,
    )


def add_book(
    library: Library,
    title: str,
    *,
    copies: int = 1,
    barcode: str = "",
    clc: str = "I242.4",
    **columns: object,
) -> list[Item]:
    """A posted title with volumes labelled `barcode`1, `barcode`2 …, or unlabelled."""
    at = clock.now() - HALF_A_YEAR
    on = clock.local_date(at)
    values = RecordValues(title=title, clc=clc, **columns)  # type: ignore[arg-type]
    record = save_record(record=None, values=values, library=library, by=BY, at=at)
    holding = hold(library=library, record=record, clc=clc, by=BY, at=at)
    batch = draft_batch(library=library, source="purchase", received_on=on, by=BY, at=at)
    labels = [f"{barcode}{number}" for number in range(1, copies + 1)] if barcode else []
    items = add_items(
        batch=batch, holding=holding, copies=copies, list_price_fen=1680, barcodes=labels, by=BY, at=at
    )
    post_batch(batch, by=BY, at=at, on=on)
    for item in items:
        item.refresh_from_db()
    return items


@dataclass(frozen=True)
class Act:
    """Lend (a card is given first), take back or renew; with answers to questions; perhaps sent twice."""

    kind: str  # lend | return | renew
    code: str
    card: str = ""
    confirm: frozenset[str] = frozenset()
    operation: UUID | None = None
    times: int = 1


@dataclass(frozen=True)
class Seen:
    """What a door said: an outcome, and what it told about it, in words."""

    outcome: str  # lent | returned | renewed | asked | refused | whose | unknown
    texts: frozenset[str] = field(default=frozenset())
    codes: frozenset[str] | None = None  # where a door has words of its own


Door = Callable[[Stage, Act], Seen]


def rows() -> dict[str, list[tuple[Any, ...]]]:
    """What is written in the books afterwards; not by whom, when to the second, or under which key."""
    return {
        "loans": sorted(
            Loan.objects.values_list(
                "patron__name",
                "item",
                "kind",
                "out_on",
                "due_on",
                "in_on",
                "outcome",
                "class_label",
                "price_fen",
                "renewals",
            ),
            key=str,
        ),
        "holds": sorted(Hold.objects.values_list("patron__name", "record", "state", "ready_item"), key=str),
        "blocks": sorted(Block.objects.values_list("patron__name", "reason", "until_on"), key=str),
        "accounts": sorted(Item.objects.values_list("pk", "account")),
        "movements": sorted(Movement.objects.values_list("item", "source", "target", "cause", "on"), key=str),
    }


def acts_written() -> list[str]:
    acts = Operation.objects.filter(action__startswith="circulation.").order_by("at", "pk")
    return list(acts.values_list("action", flat=True))


def _texts(reasons: list[dict[str, str]]) -> frozenset[str]:
    return frozenset(reason["text"] for reason in reasons)


# the service


def by_service(stage: Stage, act: Act) -> Seen:
    result = service_result(stage, act)
    if result.outcome is Outcome.UNKNOWN:
        return Seen("unknown")
    outcome = outcome_of(act, result.outcome.value)
    return Seen(outcome, frozenset(words(reason) for reason in result.decision.reasons))


def service_result(stage: Stage, act: Act) -> ScanResult:
    library = stage.library
    card = identify(library, act.card).card if act.card else None
    result = ScanResult(Outcome.UNKNOWN, act.card)
    if act.card and card is None:
        return result
    if act.kind == "renew":
        return _renewed(stage, act)
    for _time in range(act.times):
        sitting = Sitting(library, clock.now(), BY, confirmed=act.confirm, operation_id=act.operation)
        patron = card.patron if card else None
        if act.kind == "lend":
            assert patron is not None
            result = lend(sitting, patron, act.code, card=card)
        else:
            result = take_back(sitting, act.code, patron=patron)
    return result


def _renewed(stage: Stage, act: Act) -> ScanResult:
    """A renewal, in the words of a scan: its outcome is no act of scanning and says “lent”."""
    loan = loan_of(stage, act)
    try:
        for _time in range(act.times):
            renew(loan=loan, at=clock.now(), by=BY, confirmed=act.confirm, operation_id=act.operation)
    except Refused as refusal:
        outcome = Outcome.REFUSED if refusal.decision.refused else Outcome.ASKED
        return ScanResult(outcome, act.code, refusal.decision)
    return ScanResult(Outcome.LENT, act.code, loan=loan)


def loan_of(stage: Stage, act: Act) -> Loan:
    """What the reader of the act has out under its code."""
    item = identify(stage.library, act.code).item
    card = identify(stage.library, act.card).card
    assert card is not None
    return Loan.objects.get(item=item, patron=card.patron, in_at=None)


def outcome_of(act: Act, outcome: str) -> str:
    return "renewed" if act.kind == "renew" and outcome == "lent" else outcome


# the desk's page


def by_desk(stage: Stage, act: Act) -> Seen:
    client = Client()
    client.force_login(stage.librarian, backend=BACKEND)
    if act.card:
        shown = _scan(client, {"scan": act.card})
        if shown.kind == "refuse":
            return _shown(shown)
    if act.kind == "renew":
        return _renewed_at_desk(client, stage, act)
    for _time in range(act.times):
        sent = {"scan": act.code} | ({"operation": str(act.operation)} if act.operation else {})
        shown = _scan(client, sent)
    if act.confirm:
        assert frozenset(shown.confirm.split()) == act.confirm
        shown = _scan(client, {"scan": act.code, "confirm": shown.confirm})
    return _shown(shown)


def _renewed_at_desk(client: Client, stage: Stage, act: Act) -> Seen:
    where = reverse("desk:renew", args=[loan_of(stage, act).pk])
    for _time in range(act.times):
        sent = {"operation": str(act.operation)} if act.operation else {}
        shown = client.post(where, sent, follow=True).context["shown"]
    if act.confirm:
        assert frozenset(shown.confirm.split()) == act.confirm
        shown = client.post(where, {"confirm": shown.confirm}, follow=True).context["shown"]
    seen = _shown(shown)
    return Seen(outcome_of(act, seen.outcome), seen.texts)


def _scan(client: Client, sent: dict[str, str]) -> Shown:
    """What the page shows after a scan; without the script it is a page of its own."""
    answer = client.post(reverse("desk:scan"), sent, follow=True)
    assert answer.status_code == 200
    shown = answer.context["shown"]
    assert isinstance(shown, Shown)
    return shown


def _shown(shown: Shown) -> Seen:
    texts = _texts(list(shown.reasons))
    if shown.kind in ("done", "noted"):
        if shown.due:
            return Seen("lent")  # the desk also notes what the day brings, such as a Sunday
        return Seen("returned", texts | ({shown.keep} if shown.keep else set()))
    if shown.kind == "ask":
        if shown.choices:  # the heading asks whose it is, above the readers to choose from
            return Seen("whose", frozenset({words(Reason("which_reader", Weight.ASK))}))
        return Seen("asked", texts)
    unknown = words(Reason("unknown_code", Weight.REFUSE, {"code": shown.code}))
    return Seen("unknown") if texts == {unknown} else Seen("refused", texts)


# the REST interface


def by_rest(stage: Stage, act: Act) -> Seen:
    account = stage.librarian
    key = issue_api_token(account=account, name="door", by=BY, at=clock.now())
    sent: dict[str, Any] = {"library": "a", "code": act.code}
    sent |= {"card": act.card} if act.card else {}
    sent |= {"confirm": sorted(act.confirm)} if act.confirm else {}
    headers = {"Authorization": f"Bearer {key}"}
    if act.operation:
        headers["Idempotency-Key"] = str(act.operation)
    where = "/api/v1/loans" if act.kind == "lend" else "/api/v1/returns"
    if act.kind == "renew":
        where = f"/api/v1/loans/{loan_of(stage, act).pk}/renew"
        sent = {name: value for name, value in sent.items() if name in ("library", "confirm")}
    for _time in range(act.times):
        answer = Client().post(where, json.dumps(sent), "application/json", headers=headers)
    told = answer.json()
    if answer.status_code == 404:
        assert told["code"] in ("unknown_code", "reader_unknown")
        return Seen("unknown")
    if answer.status_code == 201:
        assert told["due_on"] >= told["lent_at"][:10]
        return Seen("lent")
    if answer.status_code == 200 and act.kind == "renew":
        return Seen("renewed")
    texts = _texts(told["reasons"])
    if answer.status_code == 200:
        return Seen("returned", texts)
    assert answer.status_code == 409, told
    return Seen("whose" if told["loans"] else told["code"], texts)


# the command line


def by_command(stage: Stage, act: Act) -> Seen:
    line = [act.kind, "--library", "a", "--code", act.code, "--json"]
    line += ["--card", act.card] if act.card else []
    line += ["--confirm", *sorted(act.confirm)] if act.confirm else []
    line += ["--operation", str(act.operation)] if act.operation else []
    for _time in range(act.times):
        stage.capsys.readouterr()
        status = dispatch.run(line)
    said = stage.capsys.readouterr()
    if status == 2:
        assert said.out == ""
        assert len(said.err.splitlines()) == 1
        return Seen("unknown")
    told = json.loads(said.out)
    texts = _texts(told.get("reasons", []))
    if status == 0:
        return Seen({"lend": "lent", "return": "returned", "renew": "renewed"}[act.kind], texts)
    weights = {reason["weight"] for reason in told["reasons"]}
    return Seen("whose" if told["loans"] else "refused" if "refuse" in weights else "asked", texts)


# a loan log, imported


def by_import(stage: Stage, act: Act) -> Seen:
    """One line of a log as the schools' old programs write it; run twice, it is the same event twice."""
    at = clock.to_local(clock.now())
    file = stage.files / "log.csv"
    with file.open("w", encoding="utf-8", newline="") as stream:
        log = csv.writer(stream)
        log.writerow(["时间", "操作", "借书证号", "条码", "ISBN"])
        is_isbn = act.code == ISBN
        action = {"lend": "借书", "return": "还书", "renew": "续借"}[act.kind]
        log.writerow(
            [
                at.strftime("%Y-%m-%d %H:%M:%S"),
                action,
                act.card,
                "" if is_isbn else act.code,
                act.code if is_isbn else "",
            ]
        )
    for _time in range(act.times):
        stage.capsys.readouterr()
        status = dispatch.run(["import", "loans", str(file), "--library", "a"])
        said = stage.capsys.readouterr()
        assert status == 0, said
    return Seen({"lend": "lent", "return": "returned", "renew": "renewed"}[act.kind])


# the self-service machine


def by_kiosk(stage: Stage, act: Act) -> Seen:
    """A card and a scan, without scripts. It asks nobody, and says everything in words of its own."""
    library = stage.library
    kiosk = save_kiosk(library=library, values=KioskValues("门口"), row=None, by=BY, at=clock.now())
    client = Client()
    client.post("/kiosk/register", {"code": issue_kiosk_code(kiosk=kiosk, by=BY, at=clock.now())})
    operation = {"operation": str(act.operation)} if act.operation else {}
    if act.card:
        said = client.post("/kiosk/scan", {"scan": act.card}, follow=True).context["said"]
        if said is not None:
            return _at_kiosk(said)
    path, sent = "scan", {"scan": act.code}
    if act.kind == "renew":
        path, sent = "renew", {"loan": str(loan_of(stage, act).pk)}
    for _time in range(act.times):
        answer = client.post(f"/kiosk/{path}", sent | operation, follow=True)
    seen = _at_kiosk(answer.context["said"])
    renewed = act.kind == "renew" and seen.outcome == "lent"
    return Seen("renewed", seen.texts, seen.codes) if renewed else seen


def _at_kiosk(said: Said) -> Seen:
    codes = frozenset(said.codes)
    did = {"lent": "lent", "renewed": "lent", "returned": "returned", "whose": "whose", "unknown": "unknown"}
    outcome = did.get(said.did, "refused")
    return Seen(
        outcome, codes={"whose": frozenset({"which_reader"}), "unknown": frozenset[str]()}.get(outcome, codes)
    )


# done afterwards, as a device without a network sends it


def by_replay(stage: Stage, act: Act) -> Seen:
    """The card and the scan one after another, as they were queued; an act of a machine that knew what it did."""
    by, now = BY, clock.now()
    stands = Stands()
    is_known = act.kind == "renew" or bool(act.confirm)
    if act.card:
        card = PastAct(uuid7(), now, act.card)
        come = replay(library=stage.library, act=card, stands=stands, by=by, now=now)
        if come.kept is not None:
            return _kept(come)
        stands = come.stands
    verb = {"lend": Verb.CHECK_OUT, "return": Verb.CHECK_IN, "renew": Verb.RENEW}[act.kind]
    past = PastAct(
        act.operation or uuid7(), now, act.code, verb if is_known else Verb.SCAN, confirmed=act.confirm
    )
    for time in range(act.times):
        done = replay(library=stage.library, act=past, stands=stands, by=by, now=now)
        assert done.outcome is not Replay.BEFORE or time
    if done.kept is not None:
        return _kept(done)
    codes = frozenset(reason.code for reason in done.decision.reasons)
    return Seen({"lend": "lent", "return": "returned", "renew": "renewed"}[act.kind], codes=codes)


def _kept(done: Replayed) -> Seen:
    """What the books would not take waits for somebody, with its reasons."""
    assert done.kept is not None
    codes = frozenset(code for code, _weight, _params in done.kept.reasons)
    weights = {weight for _code, weight, _params in done.kept.reasons}
    if done.kept.outcome == "unknown":
        return Seen("unknown", codes=frozenset())
    if done.kept.outcome == "whose":
        return Seen("whose", codes=codes)
    return Seen("refused" if int(Weight.REFUSE) in weights else "asked", codes=codes)


DOORS: dict[str, Door] = {
    "desk": by_desk,
    "kiosk": by_kiosk,
    "replay": by_replay,
    "rest": by_rest,
    "command": by_command,
    "import": by_import,
}
