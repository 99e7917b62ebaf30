"""What must agree in this room: who is appointed can sign in."""

from collections.abc import Iterator

from django.db.models import Q

from shuxiang.audit.reconcile import Difference, check, words
from shuxiang.helpers.messages import speak
from shuxiang.helpers.models import Helper


@check("helpers.accounts")
def helpers_can_sign_in(library_code: str | None) -> Iterator[Difference]:
    """An appointment stands on an open account. One closed by hand is a known exception, until the appointment is ended."""
    mine = Q() if library_code is None else Q(library__code=library_code)
    shut = Q(account=None) | Q(account__is_active=False)
    rows = Helper.objects.filter(mine, shut, state=Helper.State.APPOINTED).order_by("pk")
    for pk, library in rows.values_list("pk", "library__code"):
        params: dict[str, object] = {"helper": pk}
        yield Difference(
            "helpers.accounts", library, f"helpers.helper:{pk}", "helper_outlasts", params, allowed=True
        )


words("helpers", speak)
