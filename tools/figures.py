"""The reference of figures:  python -m tools.figures   writes docs/reference/figures.md from the registry.

A test compares the page with what this would write, so a definition and its description cannot part.
"""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from tools.catalogues import catalogues, read, strings

if TYPE_CHECKING:
    from shuxiang.figures.registry import Figure

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "reference" / "figures.md"
Words = dict[tuple[str, str | None, str], str]  # room, context, msgid → translation
HEAD = """# 数字一览 · Figures

本页由 `python -m tools.figures` 从程序里登记的定义生成，不要手改。This page is written from the registry.

- **分** 一栏是 `shuxiang figures --by` 可以用的分法。
- 外借册次一类的数字计个人借阅（personal）和集体借阅（collective）；馆内阅览和图书角不算。
- 小数四舍五入（9.275 记作 9.28）；除数为零时不显示数字，显示“—”。

| 代码 | 名称 | 单位 | 怎么算 | 分 | English |
|---|---|---|---|---|---|
"""


def main() -> int:
    """Write the page anew."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shuxiang.config.settings")
    import django  # noqa: PLC0415  settings must be named first

    django.setup()
    PAGE.write_text(page(), encoding="utf-8", newline="\n")
    print(f"{PAGE.relative_to(ROOT)} written.")
    return 0


def page() -> str:
    """The page as the registry has it now; Django must be set up."""
    from django.utils import translation  # noqa: PLC0415  likewise

    from shuxiang.figures.registry import all_figures  # noqa: PLC0415  likewise

    chinese = _chinese()
    with translation.override("en"):  # msgids are English
        return HEAD + "".join(_row(figure, chinese) for figure in all_figures())


def _row(figure: "Figure", chinese: Words) -> str:
    room = figure.code.partition(".")[0]
    title, unit, formula = (str(words) for words in (figure.title, figure.unit, figure.formula))
    parts = " ".join(figure.parts) or "—"
    cells = [
        _word(chinese, room, title, "figure"),
        _word(chinese, room, unit, "unit"),
        _word(chinese, room, formula),
    ]
    return f"| `{figure.code}` | {' | '.join([*cells, parts, title])} |\n"


def _word(chinese: Words, room: str, msgid: str, context: str | None = None) -> str:
    """The room's own translation; that of another for figures registered for a room below the mechanism."""
    keys = [(room, context), (room, None), ("", context), ("", None)]
    return next((found for key in keys if (found := chinese.get((*key, msgid)))), msgid)


def _chinese() -> Words:
    """Translations by room, context and msgid; under the room "" those of all rooms."""
    found: Words = {}
    for path in catalogues(ROOT / "shuxiang"):
        for message in read(path):
            if isinstance(message.id, str) and message.id:
                words = strings(message)[0]
                found[path.parents[3].name, message.context, message.id] = words
                found.setdefault(("", message.context, message.id), words)
    return found


if __name__ == "__main__":
    sys.exit(main())
