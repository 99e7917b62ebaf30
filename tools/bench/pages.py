"""Every main page of a school: how long it takes, and what it weighs with all that it loads the first time."""

import re
import time
from collections.abc import Iterator
from statistics import median
from urllib.parse import quote, urljoin

from shuxiang.libraries.models import Library, SchoolClass
from tools.bench.client import Browser
from tools.bench.lines import Line, plain
from tools.bench.servers import Server

ROUNDS = 7
LOADED = re.compile(rb'<(?:link|script|img|use|source)\b[^>]*?(?:href|src)="(/static/[^"#]+)')
FURTHER = re.compile(rb'url\("?([^")#]+)')
SQUEEZED = {"Accept-Encoding": "gzip"}


def main_pages(library: Library) -> dict[str, str]:
    """Name → path."""
    word, school_class = (
        quote("故事"),
        SchoolClass.objects.filter(library=library, graduated_on=None).order_by("-pk")[0],
    )
    return {
        "home": f"/l/{library.code}/",
        "search": f"/l/{library.code}/search?q={word}",
        "record": f"/l/{library.code}/records/1",
        "desk": "/desk/",
        "staff_search": f"/desk/find?q={word}",
        "staff_record": "/desk/find/records/1",
        "classes": "/desk/class/",
        "class_desk": f"/desk/class/{school_class.pk}/",
        "returns": "/desk/returns/",
        "today": "/desk/home/",
        "dashboard": "/desk/figures/",
        "figure": "/desk/figures/circulation.loans/",
        "summary": "/desk/reports/term-summary/",
        "imports": "/desk/import/",
        "manual": "/desk/help/",
        "manual_page": "/desk/help/3/",
    }


def weigh(server: Server, library: Library, sign_in_code: str) -> Iterator[Line]:
    """Time is the median of several; weight is of what goes over the line, squeezed, on a first visit."""
    browser = Browser(server.address)
    browser.enter(sign_in_code)
    known: dict[str, int] = {}
    for name, path in main_pages(library).items():
        page = browser.get(path)
        squeezed = len(browser.get(path, **SQUEEZED))
        spent = []
        for _number in range(ROUNDS):
            began = time.perf_counter()
            browser.get(path)
            spent.append(time.perf_counter() - began)
        loads = {found.decode() for found in LOADED.findall(page)}
        loads |= {
            further for one in loads if one.endswith(".css") for further in _of_stylesheet(browser, one)
        }
        weight = squeezed + sum(_weight(browser, one, known) for one in loads)
        yield plain(f"page.{name}", median(spent) * 1000, "ms")
        yield plain(f"page.{name}.weight", weight / 1000, "kB")


def _of_stylesheet(browser: Browser, path: str) -> set[str]:
    """What a stylesheet loads further, but for what it carries itself."""
    found = (one.decode() for one in FURTHER.findall(browser.get(path)))
    return {urljoin(path, one) for one in found if not one.startswith("data:")}


def _weight(browser: Browser, path: str, known: dict[str, int]) -> int:
    if path not in known:
        known[path] = len(browser.get(path, **SQUEEZED))
    return known[path]
