import pytest

from shuxiang.common.decisions import Decision, Reason, Refused, Weight

LIMIT = Reason("limit_reached", Weight.ASK, {"limit": 5})
REFERENCE = Reason("reference_only", Weight.REFUSE)
OVERDUE = Reason("has_overdue", Weight.ASK)
BIRTHDAY = Reason("due_in_holiday", Weight.NOTE)


def test_a_decision_keeps_every_reason_with_the_heaviest_first() -> None:
    decision = Decision.of([BIRTHDAY, None, LIMIT, REFERENCE, None, OVERDUE])
    assert [reason.code for reason in decision.reasons] == [
        "reference_only",
        "limit_reached",
        "has_overdue",
        "due_in_holiday",
    ]
    assert decision.refused == (REFERENCE,)
    assert decision.asks == (LIMIT, OVERDUE)
    assert decision.notes == (BIRTHDAY,)


@pytest.mark.parametrize(
    ("reasons", "confirmed", "allowed"),
    [
        ([], set(), True),
        ([BIRTHDAY], set(), True),
        ([LIMIT], set(), False),
        ([LIMIT], {"limit_reached"}, True),
        ([LIMIT, OVERDUE], {"limit_reached"}, False),
        ([LIMIT, OVERDUE], {"limit_reached", "has_overdue"}, True),
        ([REFERENCE], {"reference_only"}, False),
    ],
)
def test_questions_can_be_confirmed_and_refusals_cannot(
    reasons: list[Reason], confirmed: set[str], allowed: bool
) -> None:
    decision = Decision.of(reasons)
    assert decision.allowed(frozenset(confirmed)) is allowed
    if allowed:
        decision.enforce(frozenset(confirmed))


def test_a_refused_act_names_every_refusal_and_every_open_question() -> None:
    with pytest.raises(Refused) as caught:
        Decision.of([LIMIT, REFERENCE, OVERDUE, BIRTHDAY]).enforce(
            frozenset({"has_overdue", "reference_only"})
        )
    assert caught.value.codes == ("reference_only", "limit_reached")
    assert caught.value.decision.reasons == (REFERENCE, LIMIT)
    assert str(caught.value) == "reference_only, limit_reached"
