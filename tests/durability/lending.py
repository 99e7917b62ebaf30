"""What lender.py does, once Django is set up."""

import json
import uuid
from datetime import timedelta

from django.core.management import call_command

from shuxiang.audit import reconcile
from shuxiang.audit.models import Operation
from shuxiang.circulation.models import Loan
from shuxiang.circulation.services import check_in, check_out
from shuxiang.circulation.tests.desk import AT, BY, open_desk
from shuxiang.holdings.models import Item
from shuxiang.libraries.models import Library
from shuxiang.patrons.models import Patron

SPACE = uuid.UUID("0190f000-0000-7000-8000-000000000000")
MOST = 5000


def act_id(number: int) -> uuid.UUID:
    """The operation id of an act, the same however often it is tried."""
    return uuid.uuid5(SPACE, str(number))


def prepare() -> None:
    call_command("migrate", verbosity=0, interactive=False)
    open_desk()


def lend(number: int) -> None:
    """Even acts lend one of three volumes, the odd one after it takes it back."""
    library = Library.objects.get()
    items, patrons = list(Item.objects.order_by("pk")), list(Patron.objects.order_by("pk"))
    while number < MOST:
        pair, is_return = divmod(number, 2)
        item = items[pair % len(items)]
        item.refresh_from_db()
        at = AT + timedelta(seconds=number)
        if is_return:
            check_in(library=library, item=item, at=at, by=BY, operation_id=act_id(number))
        else:
            check_out(
                library=library,
                patron=patrons[pair % len(patrons)],
                item=item,
                at=at,
                by=BY,
                confirmed=frozenset({"returned_today"}),
                operation_id=act_id(number),
            )
        print(number, flush=True)
        number += 1


def check() -> None:
    numbers = {act_id(number): number for number in range(MOST)}
    acts = Operation.objects.filter(action__in=["circulation.check_out", "circulation.check_in"])
    loans = Loan.objects.all()
    found = {
        "acts": sorted(numbers[pk] for pk in acts.exclude(result={}).values_list("pk", flat=True)),
        "without result": acts.filter(result={}).count(),
        "loans": loans.count(),
        "returns": loans.filter(in_operation__isnull=False).count(),
        "wrong": [reconcile.describe(one) for one in reconcile.run().differences],
    }
    print(json.dumps(found))
