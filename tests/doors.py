"""One act through every door: the service, the desk's page, the REST interface, the command line, an imported loan log.

Each door takes a stage and an act and says what came of it in the same words, so that the doors can be compared.
"""

import csv
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse

from shuxiang.accounts.services import issue_api_token
from shuxiang.audit.models import Operation
from shuxiang.catalogue.services import RecordValues, save_record
from shuxiang.circulation.messages import words
from shuxiang.circulation.models import Loan
from shuxiang.circulation.selectors import identify
from shuxiang.circulation.services import Outcome, ScanResult, Sitting, check_out, lend, take_back
from shuxiang.cli import dispatch
from shuxiang.common import clock
from shuxiang.common.decisions import Reason, Weight
from shuxiang.desk.showing import Shown
from shuxiang.holdings.models import Item, Movement
from shuxiang.holdings.services import add_items, draft_batch, hold, post_batch
from shuxiang.libraries.models import Library
from shuxiang.patrons.models import Patron
from shuxiang.patrons.services import add_patron, default_categories
from tests.school import BY, CANARY, Cast, School

ISBN = "9787534243806"
HALF_A_YEAR = timedelta(days=180)
BACKEND = "django.contrib.auth.backends.ModelBackend"


@dataclass(frozen=True)
class Stage:
    """Two readers of school A who have nothing, books with and without labels, a reference work; school B beside it."""

    cast: Cast
    pupil: Patron  # card A0011
    other: Patron  # card A0012
    labelled: list[Item]  # AB1, AB2
    unlabelled: list[Item]
    reference: Item  # AR1
    files: Path
    capsys: pytest.CaptureFixture[str]

    def lent(self, item: Item, patron: Patron, *, days_ago: int = 1) -> Loan:
        at = clock.now() - timedelta(days=days_ago)
        return check_out(library=self.cast.a.library, patron=patron, item=item, at=at, by=BY)


def set_stage(cast: Cast, files: Path, capsys: pytest.CaptureFixture[str]) -> Stage:
    """Everybody in place, half a year ago."""
    library = cast.a.library
    add_book(cast.b.library, f"{CANARY}新书", barcode="BB")
    return Stage(
        cast=cast,
        pupil=_pupil(cast.a, "榆树同学", "A0011"),
        other=_pupil(cast.a, "榆树同桌", "A0012"),
        labelled=add_book(library, "榆树新书", copies=2, barcode="AB"),
        unlabelled=add_book(library, "西游记", copies=2, isbn=ISBN),
        reference=add_book(library, "榆树词典", barcode="AR", clc="H164", is_reference=True)[0],
        files=files,
        capsys=capsys,
    )


def _pupil(school: School, name: str, card: str) -> Patron:
    at = clock.now() - HALF_A_YEAR
    return add_patron(
        library=school.library,
        name=name,
        category=default_categories(school.library)["pupil"],
        card_number=card,
        on=clock.local_date(at),
        by=BY,
        at=at,
        school_class=school.school_class,
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
    """Lend (a card is given first) or take back; with answers to questions; perhaps sent twice."""

    kind: str  # lend | return
    code: str
    card: str = ""
    confirm: frozenset[str] = frozenset()
    operation: UUID | None = None
    times: int = 1


@dataclass(frozen=True)
class Seen:
    """What a door said: an outcome, and what it told about it, in words."""

    outcome: str  # lent | returned | asked | refused | whose | unknown
    texts: frozenset[str] = field(default=frozenset())


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
            ),
            key=str,
        ),
        "accounts": sorted(Item.objects.values_list("pk", "account")),
        "movements": sorted(Movement.objects.values_list("item", "source", "target", "cause", "on"), key=str),
    }


def acts_written() -> list[str]:
    acts = Operation.objects.filter(action__startswith="circulation.").order_by("pk")
    return list(acts.values_list("action", flat=True))


def _texts(reasons: list[dict[str, str]]) -> frozenset[str]:
    return frozenset(reason["text"] for reason in reasons)


# the service


def by_service(stage: Stage, act: Act) -> Seen:
    result = service_result(stage, act)
    if result.outcome is Outcome.UNKNOWN:
        return Seen("unknown")
    return Seen(result.outcome.value, frozenset(words(reason) for reason in result.decision.reasons))


def service_result(stage: Stage, act: Act) -> ScanResult:
    library = stage.cast.a.library
    card = identify(library, act.card).card if act.card else None
    result = ScanResult(Outcome.UNKNOWN, act.card)
    if act.card and card is None:
        return result
    for _time in range(act.times):
        sitting = Sitting(library, clock.now(), BY, confirmed=act.confirm, operation_id=act.operation)
        patron = card.patron if card else None
        if act.kind == "lend":
            assert patron is not None
            result = lend(sitting, patron, act.code, card=card)
        else:
            result = take_back(sitting, act.code, patron=patron)
    return result


# the desk's page


def by_desk(stage: Stage, act: Act) -> Seen:
    client = Client()
    client.force_login(stage.cast.accounts["librarian"], backend=BACKEND)
    if act.card:
        shown = _scan(client, {"scan": act.card})
        if shown.kind == "refuse":
            return _shown(shown)
    for _time in range(act.times):
        sent = {"scan": act.code} | ({"operation": str(act.operation)} if act.operation else {})
        shown = _scan(client, sent)
    if act.confirm:
        assert frozenset(shown.confirm.split()) == act.confirm
        shown = _scan(client, {"scan": act.code, "confirm": shown.confirm})
    return _shown(shown)


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
        return Seen("returned", texts)
    if shown.kind == "ask":
        if shown.choices:  # the heading asks whose it is, above the readers to choose from
            return Seen("whose", frozenset({words(Reason("which_reader", Weight.ASK))}))
        return Seen("asked", texts)
    unknown = words(Reason("unknown_code", Weight.REFUSE, {"code": shown.code}))
    return Seen("unknown") if texts == {unknown} else Seen("refused", texts)


# the REST interface


def by_rest(stage: Stage, act: Act) -> Seen:
    account = stage.cast.accounts["librarian"]
    key = issue_api_token(account=account, name="door", by=BY, at=clock.now())
    sent: dict[str, Any] = {"library": "a", "code": act.code}
    sent |= {"card": act.card} if act.card else {}
    sent |= {"confirm": sorted(act.confirm)} if act.confirm else {}
    headers = {"Authorization": f"Bearer {key}"}
    if act.operation:
        headers["Idempotency-Key"] = str(act.operation)
    where = "/api/v1/loans" if act.kind == "lend" else "/api/v1/returns"
    for _time in range(act.times):
        answer = Client().post(where, json.dumps(sent), "application/json", headers=headers)
    told = answer.json()
    if answer.status_code == 404:
        assert told["code"] in ("unknown_code", "reader_unknown")
        return Seen("unknown")
    if answer.status_code == 201:
        assert told["due_on"] >= told["lent_at"][:10]
        return Seen("lent")
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
        return Seen("lent" if act.kind == "lend" else "returned", texts)
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
        action = "借书" if act.kind == "lend" else "还书"
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
    return Seen("lent" if act.kind == "lend" else "returned")


DOORS: dict[str, Door] = {
    "desk": by_desk,
    "rest": by_rest,
    "command": by_command,
    "import": by_import,
}
