"""A school year opened on real tables: lists, choices, one run, killed in the middle, taken back."""

from datetime import timedelta

import pytest
from django.utils import translation

from shuxiang.audit import reconcile
from shuxiang.circulation.services import check_out
from shuxiang.common.decisions import Refused
from shuxiang.enrolment import planning, services
from shuxiang.enrolment.models import Step, YearOpening
from shuxiang.enrolment.services import running, undoing
from shuxiang.enrolment.tests.conftest import (
    BY,
    FIRST_DAY,
    JULY,
    LAST_DAY,
    NEW,
    Before,
    bring,
    carry_back,
    carry_out,
    draft,
    school,
)
from shuxiang.libraries.models import EnrolmentCount, SchoolClass
from shuxiang.libraries.selectors import find_class, label_of
from shuxiang.patrons.models import Card, ClassMembership, Patron
from shuxiang.patrons.selectors import class_label_on, readers_of
from shuxiang.patrons.services import block, change_patron

LIST = "姓名,班级,学号\n江月,一（1）班,1\n白露,一（1）班,2\n江月,一（2）班,1\n"


def everything(before: Before) -> list[object]:
    """What an undo must put back, without the tombstones of those who came."""
    library = before.library
    here = Patron.objects.filter(library=library, deleted_at=None)
    return [
        list(here.order_by("pk").values_list("pk", "name", "left_on")),
        list(Card.objects.filter(patron__in=here).order_by("pk").values_list("number", "ended", "to_at")),
        list(
            ClassMembership.objects.filter(patron__library=library)
            .order_by("pk")
            .values_list("patron", "school_class", "number", "from_on", "to_on")
        ),
        list(
            SchoolClass.objects.filter(library=library)
            .order_by("pk")
            .values_list("label_pattern", "graduated_on")
        ),
        list(
            EnrolmentCount.objects.filter(library=library).order_by("pk").values_list("count", "counted_on")
        ),
    ]


def names_in(before: Before, label: str) -> list[str]:
    found = find_class(before.library, label, NEW)
    assert found is not None
    return [one.name for one in readers_of(found, FIRST_DAY)]


def test_classes_go_up_by_themselves_graduates_leave_and_newcomers_get_cards(before: Before) -> None:
    opening = draft(before)
    assert bring(opening, LIST) == 3
    done = carry_out(opening)
    assert done.state == "done"
    assert done.totals == {"made": 3, "changed": 2, "skipped": 0, "refused": 0}
    assert label_of(before.classes["一（1）班"], FIRST_DAY) == "二（1）班"
    assert names_in(before, "一（1）班") == ["江月", "白露"]
    assert names_in(before, "一（2）班") == ["江月"]
    graduate = before.readers["六（1）班"][0]
    graduate.refresh_from_db()
    assert graduate.left_on == LAST_DAY
    assert graduate.cards.get().ended == "left"
    cards = Card.objects.filter(number__startswith="27", library=before.library).values_list(
        "number", flat=True
    )
    assert sorted(cards) == ["270001", "270002", "270003"]
    first = find_class(before.library, "一（1）班", NEW)
    assert EnrolmentCount.objects.get(school_class=first, counted_on=FIRST_DAY).count == 2
    assert opening.entrants.count() == 0
    assert reconcile.run(library_code=before.library.code).is_clean


def test_undo_puts_everything_back(before: Before) -> None:
    was = everything(before)
    opening = draft(before)
    bring(opening, LIST)
    one, two = before.classes["一（1）班"], before.classes["一（2）班"]
    services.choose_class(opening, two.pk, do="merge", into=one.pk, by=BY, at=JULY)
    three = before.classes["三（1）班"]
    services.choose_class(opening, three.pk, do="rename", label="四（5）班", by=BY, at=JULY)
    repeats = before.reader("六（1）班", "顾言")
    wishes = {repeats.pk: "new"}
    services.choose_pupils(
        opening, before.classes["六（1）班"].pk, wishes, new_label="六（1）班", by=BY, at=JULY
    )
    leaver = before.reader("三（1）班", "苏念")
    services.choose_pupils(opening, three.pk, {leaver.pk: "leave"}, by=BY, at=JULY)
    carry_out(opening)
    assert sorted(names_in(before, "二（1）班")) == ["周予安", "林知夏", "林知夏", "沈书意", "许星河"]
    assert names_in(before, "四（5）班") == ["陆清和"]
    assert class_label_on(repeats, FIRST_DAY) == "六（1）班"
    assert reconcile.run(library_code=before.library.code).is_clean
    back = carry_back(opening)
    assert back.state == "undone"
    assert back.totals["stays"] == 0
    assert everything(before) == was
    assert reconcile.run(library_code=before.library.code).is_clean


def test_undo_passes_over_by_name_what_was_touched_since(before: Before) -> None:
    opening = draft(before)
    bring(opening, LIST)
    carry_out(opening)
    library = before.library
    renamed, blocked, lent = Patron.objects.filter(library=library, joined_on=FIRST_DAY).order_by("pk")
    change_patron(patron=renamed, name="江小月", by=BY, at=JULY + timedelta(days=1))
    block(patron=blocked, reason="遗失", by=BY, at=JULY + timedelta(days=1))
    at = JULY + timedelta(days=60)
    check_out(library=library, patron=lent, item=before.items[0], at=at, by=BY)
    back = carry_back(opening)
    stays = opening.steps.filter(state=Step.State.STAYS)
    assert set(stays.filter(kind="enter").values_list("patron__name", flat=True)) == {
        "江小月",
        "白露",
        "江月",
    }
    assert back.totals["stays"] == stays.count()
    assert Patron.objects.filter(library=library, deleted_at=None, joined_on=FIRST_DAY).count() == 3


@pytest.mark.parametrize("at_step", [1, 2, 4])
def test_killed_in_the_middle_it_goes_on_where_it_was(
    before: Before, monkeypatch: pytest.MonkeyPatch, at_step: int
) -> None:
    opening = draft(before)
    bring(opening, LIST)
    services.start(opening, shown=planning.work_out(opening).digest, by=BY, at=JULY)
    told = []

    def dies(done: int, _total: int | None) -> None:
        told.append(done)
        if len(told) == at_step:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        running.carry_out(opening, by=BY, at=JULY, progress=dies)
    opening.refresh_from_db()
    assert opening.state == "running"
    done = running.carry_out(opening, by=BY, at=JULY, progress=lambda *_: None)
    assert (done.state, done.totals["made"], done.totals["changed"]) == ("done", 3, 2)
    assert Patron.objects.filter(library=before.library, joined_on=FIRST_DAY).count() == 3
    assert reconcile.run(library_code=before.library.code).is_clean
    services.take_back(opening, by=BY, at=JULY)
    told.clear()
    with pytest.raises(KeyboardInterrupt):
        undoing.carry_back(opening, by=BY, at=JULY, progress=dies)
    assert undoing.carry_back(opening, by=BY, at=JULY, progress=lambda *_: None).state == "undone"
    assert not Patron.objects.filter(library=before.library, joined_on=FIRST_DAY, deleted_at=None).exists()


def test_a_name_that_is_here_is_a_question_and_never_merged(before: Before) -> None:
    opening = draft(before)
    bring(opening, "姓名,班级\n林知夏,一（1）班\n陆清和,二（1）班\n")
    worked = planning.work_out(opening)
    asked = {question.name: question for question in worked.plan.questions}
    assert len(asked["林知夏"].alike) == 2
    with pytest.raises(Refused, match="questions_open"):
        services.start(opening, shown=worked.digest, by=BY, at=JULY)
    same = before.reader("三（1）班", "陆清和")
    answers = {asked["林知夏"].row: "new", asked["陆清和"].row: str(same.pk)}
    assert services.answer(opening, answers, by=BY, at=JULY) == 2
    carry_out(opening)
    assert Patron.objects.filter(library=before.library, name="林知夏", left_on=None).count() == 3
    assert Patron.objects.filter(library=before.library, name="陆清和").count() == 1
    assert class_label_on(same, FIRST_DAY) == "二（1）班"


def test_an_answer_may_only_name_a_reader_of_that_very_name(before: Before) -> None:
    opening = draft(before)
    bring(opening, "姓名,班级\n林知夏,一（1）班\n")
    (question,) = planning.work_out(opening).plan.questions
    other = before.reader("六（1）班", "秦朗")
    assert services.answer(opening, {question.row: str(other.pk)}, by=BY, at=JULY) == 0
    assert services.answer_rest(opening, by=BY, at=JULY) == 1


def test_who_leaves_with_a_book_is_shown_before(before: Before) -> None:
    reader = before.reader("六（1）班", "顾言")
    check_out(library=before.library, patron=reader, item=before.items[0], at=JULY, by=BY)
    worked = planning.work_out(draft(before))
    assert list(worked.owed) == [reader.pk]
    assert [due.what for due in worked.owed[reader.pk]] == ["西游记"]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "list_unreadable"),
        (b"\x00\x01\x02\xff" * 40, "list_unreadable"),
        ("姓名,班级\n".encode(), "list_empty"),
    ],
)
def test_a_list_that_is_none_is_refused_with_a_sentence(before: Before, content: bytes, code: str) -> None:
    opening = draft(before)
    bring(opening, LIST)
    with pytest.raises(Refused) as refused:
        services.bring_list(opening, content, name="x.csv", by=BY, at=JULY)
    assert refused.value.codes[0] in (code, "list_empty")
    assert opening.entrants.count() == 3


def test_why_a_list_cannot_be_read_is_said_in_the_language_of_the_page(before: Before) -> None:
    with translation.override("zh-hans"), pytest.raises(Refused) as refused:
        services.bring_list(draft(before), b"PK\x03\x04junk" * 50, name="名单.xlsx", by=BY, at=JULY)
    assert "损坏" in str(refused.value.decision.reasons[0].params["problem"])


def test_bad_rows_are_named_and_left_out(before: Before) -> None:
    opening = draft(before)
    text = "借书证号,姓名,班级\n260001,新人,一（1）班\n,无班,\n,,一（1）班\n"
    text += "110101200001010017,身份,一（1）班\nA1,好人,一（1）班\n"
    bring(opening, text)
    codes = sorted(problem.code for problem in planning.work_out(opening).plan.problems)
    assert codes == ["card_is_identity", "card_taken", "class_unclear", "name_missing"]
    done = carry_out(opening)
    assert (done.totals["made"], done.totals["refused"]) == (1, 4)


def test_pressed_twice_it_begins_once_and_what_has_changed_is_shown_again(before: Before) -> None:
    opening = draft(before)
    shown = planning.work_out(opening).digest
    services.choose_class(opening, before.classes["一（2）班"].pk, do="merge",
                          into=before.classes["一（1）班"].pk, by=BY, at=JULY)  # fmt: skip
    with pytest.raises(Refused, match="plan_changed"):
        services.start(opening, shown=shown, by=BY, at=JULY)
    opening.refresh_from_db()
    shown = planning.work_out(opening).digest
    services.start(opening, shown=shown, by=BY, at=JULY)
    steps = opening.steps.count()
    services.start(opening, shown=shown, by=BY, at=JULY)
    assert opening.steps.count() == steps


def test_one_opening_at_a_time_and_a_year_once(before: Before) -> None:
    opening = draft(before)
    with pytest.raises(Refused, match="opening_at_work"):
        draft(before)
    services.discard(opening, by=BY, at=JULY)
    carry_out(draft(before))
    with pytest.raises(Refused, match="opened_already"):
        draft(before)
    with pytest.raises(Refused, match="year_bad"):
        services.begin_opening(library=before.library, school_year="2027", by=BY, at=JULY)


def test_it_is_taken_back_within_thirty_days_only(before: Before) -> None:
    opening = carry_out(draft(before))
    with pytest.raises(Refused, match="undo_late"):
        services.take_back(opening, by=BY, at=JULY + timedelta(days=31))


def test_another_school_is_left_alone(before: Before) -> None:
    other = school("z")
    was = everything(other)
    opening = draft(before)
    bring(opening, LIST)
    foreign = other.classes["一（1）班"].pk
    with pytest.raises(Refused, match="class_unknown"):
        services.choose_class(opening, foreign, do="rename", label="二（9）班", by=BY, at=JULY)
    with pytest.raises(Refused, match="merge_into_none"):
        services.choose_class(
            opening, before.classes["一（1）班"].pk, do="merge", into=foreign, by=BY, at=JULY
        )
    carry_out(opening)
    carry_back(opening)
    assert everything(other) == was
    assert not YearOpening.objects.filter(library=other.library).exists()
