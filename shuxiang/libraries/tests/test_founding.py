"""A new library has what its kind needs, and nothing invented."""

import pytest

from shuxiang.audit.models import Operation
from shuxiang.common.decisions import Refused
from shuxiang.libraries import selectors
from shuxiang.libraries.messages import words
from shuxiang.libraries.models import EnrolmentCount, Library, Room, Standard, Term
from shuxiang.libraries.services import create_library, set_standard
from shuxiang.libraries.standards import install
from shuxiang.libraries.tests.conftest import AT, BY


@pytest.mark.parametrize(
    ("kind", "stages", "standard"),
    [
        ("primary", [("primary", 1, 6)], "cn-2018-primary"),
        ("junior", [("junior", 7, 3)], "cn-2018-junior"),
        ("senior", [("senior", 10, 3)], "cn-2018-senior"),
        ("nine-year", [("primary", 1, 6), ("junior", 7, 3)], "cn-2018-primary"),
        ("complete", [("junior", 7, 3), ("senior", 10, 3)], "cn-2018-complete"),
        ("public", [], None),
    ],
)
@pytest.mark.django_db
def test_the_kind_gives_stages_and_standard(
    kind: str, stages: list[tuple[str, int, int]], standard: str | None
) -> None:
    install(Standard)
    library = create_library(code="x1", name="某馆", kind=kind, by=BY, at=AT)
    assert list(library.stages.order_by("first_grade").values_list("code", "first_grade", "years")) == stages
    assert (library.standard.code if library.standard else None) == standard
    assert [room.code for room in Room.objects.filter(library=library)] == ["main"]
    assert (Term.objects.count(), EnrolmentCount.objects.count()) == (0, 0)
    assert Operation.objects.get(action="libraries.create_library").library_code == "x1"


@pytest.mark.parametrize(
    ("code", "name", "kind", "reason"),
    [
        ("有汉字", "某馆", "primary", "library_code_bad"),
        ("-a", "某馆", "primary", "library_code_bad"),
        ("a" * 21, "某馆", "primary", "library_code_bad"),
        ("ELM", "某馆", "primary", "library_code_taken"),
        ("oak", "  ", "primary", "library_needs_name"),
        ("oak", "某馆", "university", "library_kind_unknown"),
    ],
)
def test_what_cannot_be_founded_is_refused_in_words(
    school: Library, code: str, name: str, kind: str, reason: str
) -> None:
    with pytest.raises(Refused) as refused:
        create_library(code=code, name=name, kind=kind, by=BY, at=AT)
    assert refused.value.codes == (reason,)
    assert "%(" not in words(refused.value.decision.reasons[0])
    assert selectors.all_libraries() == [school]


@pytest.mark.django_db
def test_the_shares_of_every_shipped_standard_are_a_whole() -> None:
    install(Standard)
    install(Standard)
    standards = list(Standard.objects.all())
    assert len(standards) == 4
    assert {sum(float(share) for share in each.division_shares.values()) for each in standards} == {100.0}
    assert {each.code: int(each.volumes_per_pupil or 0) for each in standards} == {
        "cn-2018-primary": 25,
        "cn-2018-junior": 35,
        "cn-2018-senior": 45,
        "cn-2018-complete": 40,
    }
    assert all(each.source for each in standards)


def test_a_school_may_choose_its_own_standard(school: Library) -> None:
    own = Standard.objects.create(
        code="elm-own", name="本校目标", source="校务会", valid_from=AT.date(), volumes_per_pupil=30
    )
    set_standard(library=school, standard=own, by=BY, at=AT)
    found = selectors.find_library("elm")
    assert found is not None
    assert found.standard == own
