"""Writing, writing again, signing: numbers follow the data, words stay with the person who wrote them."""

import io
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import docx as word
import pytest
from docx.oxml.ns import qn

from shuxiang.circulation.tests.desk import BY, START, Desk, open_desk
from shuxiang.common.decisions import Refused
from shuxiang.libraries import standards
from shuxiang.libraries.models import Standard
from shuxiang.libraries.services import count_enrolment
from shuxiang.reports import docx, selectors, services
from shuxiang.reports.blocks import humans
from shuxiang.reports.models import ReportText
from shuxiang.reports.tests.test_word_file import edit

REPORT, PERIOD = "term-summary", "2026-autumn"
AT = datetime(2027, 2, 10, 4, tzinfo=UTC)  # the term is over


@pytest.fixture
def desk(db: None) -> Desk:
    """Two pupils; one loan in the autumn of 2026."""
    made = open_desk()
    made.lend(at=datetime(2026, 10, 12, 4, tzinfo=UTC))
    return made


def write(desk: Desk, path: Path, at: datetime = AT) -> str:
    """Write the report; its words."""
    services.write_report(library=desk.library, report=REPORT, period=PERIOD, path=path, by=BY, at=at)
    return words(path)


def words(path: Path) -> str:
    body = word.Document(io.BytesIO(path.read_bytes())).element.body
    return "".join(each.text or "" for each in body.iter(qn("w:t")))


def keep(desk: Desk, key: str, text: str, at: datetime = AT) -> None:
    services.keep_human_text(
        library=desk.library, report=REPORT, period=PERIOD, key=key, text=text, by=BY, at=at
    )


def rewrite(path: Path, key: str, text: str, at: datetime) -> None:
    """A person writes into the file at an instant."""
    path.write_bytes(edit(path.read_bytes(), key, text))
    os.utime(path, (at.timestamp(), at.timestamp()))


def sign(desk: Desk) -> None:
    services.sign_report(library=desk.library, report=REPORT, period=PERIOD, by=BY, at=AT)


def lend_more(desk: Desk) -> None:
    desk.lend(desk.items[1], desk.other, at=datetime(2026, 11, 2, 4, tzinfo=UTC))


def codes(refused: pytest.ExceptionInfo[Refused]) -> tuple[str, ...]:
    return refused.value.codes


def test_the_paper_names_its_standard_without_notes_to_ourselves(desk: Desk, tmp_path: Path) -> None:
    standards.install(Standard)
    desk.library.standard = Standard.objects.get(code="cn-2018-junior")
    desk.library.save()
    text = write(desk, tmp_path / "x.docx")
    assert "教基〔2018〕5号，2018-06-01起施行，附件二" in text
    assert "待核" not in text


def test_what_a_person_wrote_stays_and_the_numbers_are_new(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "总结.docx"
    assert "全校2名学生借阅图书1册，生均借阅0.50册" in write(desk, path)
    rewrite(path, "activities", "四月举办读书节。", AT + timedelta(minutes=5))
    rewrite(path, "problems", "1．书架不够。", AT + timedelta(minutes=6))
    lend_more(desk)
    text = write(desk, path, AT + timedelta(hours=1))
    assert "全校2名学生借阅图书2册，生均借阅1.00册" in text
    assert "四月举办读书节。" in text and "1．书架不够。" in text
    assert "没有借过书" not in text  # the suggestion gave way to the person's words
    assert set(ReportText.objects.values_list("key", "text")) == {
        ("activities", "四月举办读书节。"),
        ("problems", "1．书架不够。"),
    }


def test_suggestions_nobody_touched_follow_the_data(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "x.docx"
    assert "还有1名学生本学期没有借过书" in write(desk, path)
    lend_more(desk)
    assert "没有借过书" not in write(desk, path)
    assert not ReportText.objects.exists()


def test_the_newer_words_win_those_of_the_page_or_those_of_the_file(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "x.docx"
    write(desk, path)
    rewrite(path, "team", "文件里的话。", AT + timedelta(minutes=5))
    keep(desk, "team", "页面上的话。", AT + timedelta(minutes=9))
    assert "页面上的话。" in write(desk, path, AT + timedelta(minutes=10))
    rewrite(path, "team", "文件里后来的话。", AT + timedelta(minutes=12))
    assert "文件里后来的话。" in write(desk, path, AT + timedelta(minutes=15))


def test_words_taken_away_give_the_part_back_to_the_suggestion(desk: Desk) -> None:
    keep(desk, "problems", "1．书架不够。")
    keep(desk, "problems", "  ", AT + timedelta(minutes=1))
    paper = selectors.paper_of(desk.library, REPORT, PERIOD, today=AT.date())
    assert [part.text for part in humans(paper) if part.key == "problems"] == [""]


def test_keeping_a_suggestion_unchanged_keeps_nothing(desk: Desk) -> None:
    paper = selectors.paper_of(desk.library, REPORT, PERIOD, today=AT.date())
    part = next(each for each in humans(paper) if each.key == "problems")
    keep(desk, "problems", "\r\n".join(each.text for each in part.proposal))
    assert not ReportText.objects.exists()


def test_a_part_that_the_report_does_not_have_is_refused(desk: Desk) -> None:
    with pytest.raises(Refused) as refused:
        keep(desk, "poems", "春眠不觉晓")
    assert codes(refused) == ("report_part_unknown",)


def test_a_signed_report_keeps_its_numbers_and_words(desk: Desk, tmp_path: Path) -> None:
    keep(desk, "activities", "四月举办读书节。")
    sign(desk)
    lend_more(desk)
    count_enrolment(
        library=desk.library, count=9, on=START.date(), kind="pupil", by=BY, at=AT,
        school_class=desk.pupil.memberships.get().school_class,
    )  # fmt: skip
    text = write(desk, tmp_path / "x.docx", AT + timedelta(days=30))
    assert "全校2名学生借阅图书1册，生均借阅0.50册" in text
    assert "四月举办读书节。" in text and "请写" not in text
    with pytest.raises(Refused) as refused:
        keep(desk, "activities", "改一改。")
    assert codes(refused) == ("report_signed",)


def test_words_written_into_a_file_after_signing_are_not_overwritten(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "x.docx"
    write(desk, path)
    sign(desk)
    rewrite(path, "team", "签后写的话。", AT + timedelta(hours=1))
    with pytest.raises(Refused) as refused:
        write(desk, path, AT + timedelta(hours=2))
    assert codes(refused) == ("report_signed_edited",)
    assert "签后写的话。" in words(path)


def test_a_report_is_signed_once_and_not_before_its_period_is_over(desk: Desk) -> None:
    with pytest.raises(Refused) as refused:
        services.sign_report(
            library=desk.library, report=REPORT, period=PERIOD, by=BY, at=datetime(2026, 11, 1, tzinfo=UTC)
        )
    assert codes(refused) == ("report_period_open",)
    sign(desk)
    sign(desk)
    assert desk.library.frozen_reports.count() == 1


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("x.docx", b"", "report_file_not_word"),
        ("x.docx", "总结".encode(), "report_file_not_word"),
        ("x.pdf", b"%PDF", "report_file_suffix"),
    ],
)
def test_a_file_that_cannot_be_read_is_left_as_it_is(
    desk: Desk, tmp_path: Path, *, name: str, content: bytes, code: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(Refused) as refused:
        write(desk, path)
    assert codes(refused) == (code,)
    assert path.read_bytes() == content
    assert [each.name for each in tmp_path.iterdir()] == [name]


def test_somebody_elses_document_is_not_overwritten(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "letter.docx"
    letter = word.Document()
    letter.add_paragraph("致家长的一封信")
    letter.save(str(path))
    with pytest.raises(Refused) as refused:
        write(desk, path)
    assert codes(refused) == ("report_file_foreign",)
    assert words(path) == "致家长的一封信"


def test_a_folder_that_is_not_there_and_a_folder_in_the_way_are_named(desk: Desk, tmp_path: Path) -> None:
    with pytest.raises(Refused) as refused:
        write(desk, tmp_path / "nowhere" / "x.docx")
    assert codes(refused) == ("report_file_folder",)
    (tmp_path / "y.docx").mkdir()
    with pytest.raises(Refused) as refused:
        write(desk, tmp_path / "y.docx")
    assert codes(refused) == ("report_file_locked",)


def test_a_file_held_open_by_word_is_left_as_it_is(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "x.docx"
    write(desk, path)
    before = path.read_bytes()

    def held(self: Path, target: Path) -> Path:
        raise PermissionError("held open")

    monkeypatch.setattr(Path, "replace", held)
    with pytest.raises(Refused) as refused:
        write(desk, path)
    assert codes(refused) == ("report_file_locked",)
    assert (path.read_bytes(), [each.name for each in tmp_path.iterdir()]) == (before, ["x.docx"])


def test_the_paper_is_chinese_whatever_the_reader_speaks(desk: Desk, tmp_path: Path) -> None:
    text = write(desk, tmp_path / "x.docx")
    assert "生均" in text and "Loans" not in text.replace("/desk/figures/", "")


def test_the_file_of_the_page_is_the_file_of_the_command(desk: Desk, tmp_path: Path) -> None:
    write(desk, tmp_path / "x.docx")
    content = selectors.word_file(desk.library, REPORT, PERIOD, today=AT.date())
    mark = docx.mark_of(desk.library.code, REPORT, PERIOD)
    of_command = (tmp_path / "x.docx").read_bytes()
    assert docx.read_controls(content, mark=mark) == docx.read_controls(of_command, mark=mark)
