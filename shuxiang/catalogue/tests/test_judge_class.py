"""Class numbers judged by the rules of the notation."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuxiang.catalogue.clc.judging import Fault, judge_class
from shuxiang.catalogue.clc.words import FAULTS, say

# Real class numbers: 690 $a, 905 $d and 999 $a of the public CNMARC samples (Beijing Normal University, Shanghai
# International Studies University, Posts & Telecom Press, National Library), and the schedules.
REAL = [
    "I247.57", "I287.45", "I712.84", "I561.88", "K825.6=6", "K837.126.11=532", "J228.2", "J523.2\"17\"+3:G5", "TP312JA",
    "H319.4:I561.33", "G253.866.9", "Z121.6", "R173:G25a", "O317+.1", "TJ011.+1", "I313.45", "DF5", "T-49", "X-019", "N49",
    "P1-49", "B0-0", "K876.3=49", "TS972.1", "Z228.1", "O242.1", "V37", "I17(198.4)", "I207.411", "F279.243<13>", "A1", "Z",
]  # fmt: skip


@pytest.mark.parametrize("number", REAL)
def test_a_number_of_the_schedules_has_no_fault(number: str) -> None:
    verdict = judge_class(number)
    assert (verdict.number, verdict.faults) == (number, ())
    assert verdict.is_usable


@pytest.mark.parametrize(
    ("text", "code", "piece"),
    [
        ("L12", "no_such_class", "L"),
        ("W", "no_such_class", "W"),
        ("TA1", "second_letter", "TA"),
        ("IB2", "second_letter", "IB"),
        ("童话", "no_class", "童话"),
        ("247.5", "no_class", "247.5"),
        ("I242@4", "sign", "@4"),
        ("I24a7", "sign", "7"),
        ("K25(71", "sub_area", "(71"),
        ("K25()", "sub_area", "()"),
        ("I247-x", "sub_general", "-x"),
        ('K28"', "unfinished", '"'),
        ('K28"x"', "sub_people", '"x"'),
        ("F27<13", "sub_common", "<13"),
        ("H31-", "unfinished", "-"),
        ("H31:", "unfinished", ""),
        ("H31:三", "joined_no_class", "三"),
        ("G25aa", "twice_recommended", "G25aa"),
        ("G633.3/4", "is_range", "/4"),
    ],
)
def test_what_the_notation_does_not_allow_is_named(text: str, code: str, piece: str) -> None:
    verdict = judge_class(text)
    assert Fault(code, piece) in verdict.faults
    assert not verdict.is_usable


@pytest.mark.parametrize(
    ("text", "number", "note"),
    [
        ("I24757", "I247.57", Fault("dots", "24757", is_note=True)),
        ("[X-019]", "X-019", Fault("alternative", is_note=True)),
        ("{D922.59}", "D922.59", Fault("discontinued", is_note=True)),
        ("K825.2；E251-53", "K825.2", Fault("several", "E251-53", is_note=True)),
        ("I9", "I9", Fault("not_in_outline", "I9", is_note=True)),
        ("A6", "A6", Fault("not_in_outline", "A6", is_note=True)),
    ],
)
def test_what_is_unusual_is_noted_and_stays_usable(text: str, number: str, note: Fault) -> None:
    verdict = judge_class(text)
    assert (verdict.number, verdict.faults) == (number, (note,))
    assert verdict.is_usable


@pytest.mark.parametrize("text", ["", "   "])
def test_no_class_at_all_is_no_fault_and_no_class(text: str) -> None:
    assert judge_class(text).faults == ()
    assert not judge_class(text).is_usable


def test_the_forms_people_type_are_the_forms_of_the_notation() -> None:
    for typed in ("ｉ２４７．５（７１１）", "i247.5(711)", "I 247.5(711)"):
        assert judge_class(typed).number == "I247.5(711)"


@given(st.one_of(st.text(max_size=30), st.text(alphabet='AIKTPDF0123.-:()="<>+/[]{} ；a二', max_size=20)))
def test_whatever_is_typed_is_judged_and_said_in_words(text: str) -> None:
    for fault in judge_class(text).faults:
        assert fault.code in FAULTS
        assert "%(" in text or "%(" not in say(fault)  # what was typed is repeated in the sentence
