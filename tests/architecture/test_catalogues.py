"""One English sentence has one Chinese one: Django merges the rooms' catalogues, and the first room speaks for all."""

from pathlib import Path

from tools.catalogues import SIMPLIFIED
from tools.messages import PACKAGE, disagreements


def write_room(package: Path, room: str, entries: str) -> None:
    path = package / room / "locale" / SIMPLIFIED / "LC_MESSAGES" / "django.po"
    path.parent.mkdir(parents=True)
    head = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n"Plural-Forms: nplurals=1; plural=0;\\n"\n'
    path.write_text(head + entries, encoding="utf-8")


def test_two_rooms_with_other_words_are_named_with_their_words(tmp_path: Path) -> None:
    write_room(tmp_path, "corners", '\nmsgid "Back"\nmsgstr "已还"\n\nmsgid "Day"\nmsgstr "日期"\n')
    write_room(tmp_path, "desk", '\nmsgid "Back"\nmsgstr "返回"\n\nmsgid "Day"\nmsgstr "日期"\n')
    said = list(disagreements(tmp_path))
    assert said == ["'Back' is translated differently: “已还” in corners, “返回” in desk"]


def test_a_context_of_its_own_may_have_a_word_of_its_own(tmp_path: Path) -> None:
    write_room(tmp_path, "corners", '\nmsgctxt "of a box"\nmsgid "Back"\nmsgstr "已还"\n')
    write_room(tmp_path, "desk", '\nmsgid "Back"\nmsgstr "返回"\n')
    assert list(disagreements(tmp_path)) == []


def test_a_context_that_two_rooms_share_is_named(tmp_path: Path) -> None:
    for room, words in (("desk", "办理"), ("kiosk", "好")):
        write_room(tmp_path, room, f'\nmsgctxt "scan box"\nmsgid "Go"\nmsgstr "{words}"\n')
    said = list(disagreements(tmp_path))
    assert said == ["'Go' (scan box) is translated differently: “办理” in desk, “好” in kiosk"]


def test_sentences_with_a_plural_are_compared_too(tmp_path: Path) -> None:
    for room, words in (("desk", "共 %(n)s 种"), ("opac", "%(n)s 种")):
        plural = f'\nmsgid "%(n)s title"\nmsgid_plural "%(n)s titles"\nmsgstr[0] "{words}"\n'
        write_room(tmp_path, room, plural)
    said = list(disagreements(tmp_path))
    assert said == ["'%(n)s title' is translated differently: “共 %(n)s 种” in desk, “%(n)s 种” in opac"]


def test_no_two_rooms_of_this_house_disagree() -> None:
    assert list(disagreements(PACKAGE)) == []
