"""The server falls while somebody lends: the desk goes on, and afterwards every scan is in the books once."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.desk import settled
from tests.durability.house import House
from tests.durability.processes import environment


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """A school whose server the test kills."""
    found = House(environment(tmp_path))
    found.prepare()
    try:
        found.open()
        yield found
    finally:
        found.fall()


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    """A device of its own; what a browser says about a server that is gone is no fault of the page."""
    device = chromium.new_context(locale="zh-CN", viewport={"width": 1366, "height": 768})
    device.set_default_timeout(20_000)
    yield device
    device.close()


def sign_in(context: BrowserContext, house: House, who: str = "librarian") -> Page:
    page = context.new_page()
    page.goto(house.url + house.told["links"][who])
    page.goto(f"{house.url}/desk/")
    ready(page)
    return page


def ready(page: Page) -> None:
    """The desk has its key, and the page for later is kept."""
    page.wait_for_function("() => window.Shuxiang?.offline?.ready")
    page.evaluate("() => Shuxiang.offline.ready")
    if page.locator("[data-secret]").count():
        page.wait_for_function(
            "async () => Boolean(await (await caches.open('shuxiang-offline')).match('/version'))"
        )


def types(page: Page, *codes: str) -> None:
    """A scanner: nobody waits for anything."""
    for code in codes:
        page.keyboard.type(code)
        page.keyboard.press("Enter")


def waiting(page: Page) -> int:
    return int(page.locator("[data-offline-count]").inner_text())


def sent(page: Page) -> tuple[int, int]:
    """Done and kept, once all has been sent."""
    expect(page.locator("[data-offline-sent]")).to_be_visible(timeout=30_000)
    settled(page)
    return tuple(int(page.locator(f'[data-sum="{name}"]').inner_text()) for name in ("done", "kept"))  # type: ignore[return-value]


def lent(house: House) -> list[tuple[str, str]]:
    """(card, barcode) of every loan that is open."""
    return [(card, code) for card, code, _out, back, *_ops in house.state()["loans"] if back is None]


def test_the_desk_lends_on_while_the_server_is_away_and_every_scan_is_in_the_books_once(
    house: House, context: BrowserContext, check_accessible: Callable[[Page], None]
) -> None:
    page = sign_in(context, house)
    volumes = house.told["volumes"]
    types(page, "0001", volumes[0])
    expect(page.locator("#log li").first).to_contain_text("西游记")
    house.fall()
    types(page, volumes[1])  # the first one without an answer
    panel = page.locator("[data-offline-panel]")
    expect(panel).to_be_visible()
    expect(page.locator("#reader")).to_be_hidden()
    types(page, "T01", volumes[3], volumes[4], "9999999", volumes[5])
    page.keyboard.press("Escape")
    types(page, volumes[0])
    expect(page.locator("[data-offline-list] li[data-kept]")).to_have_count(8)
    assert waiting(page) == 7
    check_accessible(page)

    page.reload()  # the browser was closed by mistake: the page is there without a server, and what waits too
    ready(page)
    expect(page.locator("[data-offline-list] li[data-kept]")).to_have_count(8)
    types(page, "0002", volumes[6])
    page.keyboard.press("Control+z")
    types(page, volumes[7])
    expect(page.locator("[data-offline-list] li[data-kept]")).to_have_count(11)
    house.open()
    page.wait_for_selector("[data-desk]", timeout=30_000)  # the real page again, by itself
    done, kept = sent(page)
    # taken back: 0; lent: 1, 3, 4, 7; the unknown code and the one after it wait for somebody
    assert (done, kept) == (5, 2)
    expect(page.locator("#reader-name")).to_have_text("周予安")  # who stood there last goes on
    types(page, volumes[8])
    expect(page.locator("#log li").first).to_contain_text("草房子")
    settled(page)
    page.goto(f"{house.url}/desk/offline/kept/")
    expect(page.locator(".kept > li")).to_have_count(2)
    check_accessible(page)
    house.fall()
    assert sorted(lent(house)) == sorted([
        ("0001", volumes[1]), ("T01", volumes[3]), ("T01", volumes[4]), ("0002", volumes[7]), ("0002", volumes[8]),
    ])  # fmt: skip
    state = house.state()
    assert (len(state["loans"]), state["wrong"]) == (6, [])


def test_a_server_that_falls_again_and_again_while_it_is_sent_gets_everything_once(
    house: House, context: BrowserContext
) -> None:
    page = sign_in(context, house)
    volumes = house.told["volumes"]
    house.fall()
    types(page, "T01")
    expect(page.locator("[data-offline-panel]")).to_be_visible()
    types(page, *volumes[3:7], "0001", volumes[0])
    expect(page.locator("[data-offline-list] li[data-kept]")).to_have_count(7)
    lost = 0

    def swallow(route: object) -> None:
        """The server does it, its answer is lost: twice."""
        nonlocal lost
        if lost < 2:
            lost += 1
            route.fetch()  # type: ignore[attr-defined]
            route.abort()  # type: ignore[attr-defined]
        else:
            route.continue_()  # type: ignore[attr-defined]

    page.route("**/desk/offline/replay", swallow)
    house.open()
    assert sent(page) == (5, 0)
    assert lost == 2
    house.fall()
    state = house.state()
    assert (len(state["loans"]), state["acts"], state["wrong"]) == (5, 5, [])


def test_another_account_cannot_read_what_waits_and_does_not_lose_it(
    house: House, context: BrowserContext
) -> None:
    page = sign_in(context, house)
    volumes = house.told["volumes"]
    house.fall()
    types(page, "0001", volumes[0])
    expect(page.locator("[data-offline-list] li[data-kept]")).to_have_count(2)
    page.close()
    house.open()
    other = sign_in(context, house, "second")
    expect(other.locator("[data-offline-others]")).to_contain_text("2")
    kept = other.evaluate(
        """() => new Promise((go) => { const open = indexedDB.open('shuxiang-offline'); open.onsuccess = async () => {
          const t = open.result.transaction(['acts', 'keys']);
          const all = (name) => new Promise((done) => {
            const r = t.objectStore(name).getAll(); r.onsuccess = () => done(r.result); });
          const acts = await all('acts'), keys = await all('keys');
          let raw = 'kept in'; try { await crypto.subtle.exportKey('raw', keys[0].key); raw = 'out'; } catch { }
          const bytes = acts.map((row) => new TextDecoder('latin1').decode(row.data)).join('');
          go({ owners: keys.map((key) => key.owner), raw, bytes, n: acts.length }); }; })"""
    )
    assert (kept["n"], len(kept["owners"]), kept["raw"]) == (2, 1, "kept in")
    assert "0001" not in kept["bytes"]
    assert volumes[0] not in kept["bytes"]
    other.close()
    again = sign_in(context, house)
    assert sent(again) == (1, 0)
    house.fall()
    assert lent(house) == [("0001", volumes[0])]


def test_a_clock_that_was_set_while_it_waited_is_asked(house: House, context: BrowserContext) -> None:
    page = sign_in(context, house)
    volumes = house.told["volumes"]
    house.fall()
    types(page, "0001", volumes[0])
    expect(page.locator("[data-offline-list] li[data-kept]")).to_have_count(2)
    page.evaluate("() => { const real = Date.now; Date.now = () => real() - 3600e3; }")
    house.open()
    assert sent(page) == (0, 1)
    house.fall()
    assert [row[:2] for row in house.state()["kept"]] == [[volumes[0], "asked"]]


def test_where_the_browser_keeps_nothing_safely_the_page_says_so(house: House, chromium: Browser) -> None:
    device = chromium.new_context(locale="zh-CN")
    device.add_init_script("Object.defineProperty(window, 'isSecureContext', { value: false })")
    page = device.new_page()
    page.goto(house.url + house.told["links"]["librarian"])
    page.goto(f"{house.url}/desk/")
    expect(page.locator("[data-offline-insecure]")).to_be_visible()
    device.close()
