"""The look in a browser: nothing overflows, axe finds nothing, and the desk's keys do what is printed on them."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import RequestFactory
from django.utils import translation
from playwright.sync_api import Page

from shuxiang.ui.tests.reference import render

STATIC = Path(__file__).parents[2] / "shuxiang" / "ui" / "static" / "ui"
SHEETS = ["tokens", "base", "parts", "pages", "print"]
DESK = """
<main id="main" tabindex="-1"><form onsubmit="told('enter'); return false"><input id="scan" data-scan autofocus></form>
<p id="lost" hidden>lost</p><input id="other"><p id="beside">beside</p>
<button data-key="space" onclick="told('yes')">yes</button><button data-key="escape" onclick="told('no')">no</button>
<button data-key="ctrl+z" onclick="told('undo')">undo</button>
<a href="#f4" data-key="f4" onclick="told('room')">F4</a></main>
<script>const acts = []; function told(act) { acts.push(act); }</script>
"""


@pytest.fixture
def desk(page: Page) -> Page:
    """A desk with a question standing; `acts` collects what was pressed."""
    page.set_content(DESK)
    page.add_script_tag(path=str(STATIC / "desk.js"))
    page.focus("#scan")
    return page


def acts(page: Page) -> list[str]:
    done: list[str] = page.evaluate("acts")
    return done


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        (["Space"], ["yes"]),
        (["Escape"], ["no"]),
        (["Control+z"], ["undo"]),
        (["F4"], ["room"]),
        (["1", "Space"], []),  # a name may hold a space
        (["1", "Escape", "Escape"], ["no"]),  # the first empties the box
        (["1", "Control+z"], []),  # that one is the box's own
        (["Enter", "Enter"], ["enter", "enter"]),  # a scanner sends it twice: it never says yes
    ],
)
def test_a_key_presses_the_button_that_shows_it(desk: Page, keys: list[str], expected: list[str]) -> None:
    for key in keys:
        desk.keyboard.press(key)
    assert acts(desk) == expected


def test_keys_leave_other_fields_alone(desk: Page) -> None:
    desk.focus("#other")
    for key in ["Escape", "Control+z", "F4", "Space"]:
        desk.keyboard.press(key)
    assert acts(desk) == []
    assert desk.input_value("#other") == " "


def test_the_scan_box_gets_the_focus_back_and_what_is_scanned(desk: Page) -> None:
    desk.click("#beside")
    assert desk.evaluate("document.activeElement.id") == "scan"
    desk.evaluate("document.activeElement.blur()")
    desk.keyboard.type("00018803")
    assert desk.input_value("#scan") == "00018803"
    desk.click("#other")
    assert desk.evaluate("document.activeElement.id") == "other"


def test_an_unanswered_act_is_told_in_place_until_the_next_answer(desk: Page) -> None:
    desk.evaluate("document.dispatchEvent(new CustomEvent('htmx:sendError'))")
    assert desk.is_visible("#lost")
    desk.evaluate("document.dispatchEvent(new CustomEvent('htmx:afterOnLoad', {detail: {successful: true}}))")
    assert not desk.is_visible("#lost")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [(1366, 768), (390, 844), (320, 640)])
def test_every_part_is_accessible_and_nothing_overflows(
    page: Page,
    rf: RequestFactory,
    check_accessible: Callable[[Page], None],
    size: tuple[int, int],
    scheme: str,
) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light", reduced_motion="reduce")
    with translation.override("zh-hans"):
        markup = render(rf.get("/desk/"))
    page.set_content(re.sub(r"<link [^>]*>|<script [^>]*></script>", "", markup))
    for sheet in SHEETS:
        page.add_style_tag(path=str(STATIC / f"{sheet}.css"))
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    check_accessible(page)
