"""What the documents say exists: links, commands, make targets, figures."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from shuxiang.cli.dispatch import _commands
from tests.architecture.source import ROOT
from tools import figures

DOCUMENTS = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]
FOR_USERS = [ROOT / "README.md", *sorted((ROOT / "docs" / "manual").glob("*.md"))]
LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)\s]+)\)")


def commands() -> set[str]:
    return {command.NAME for command in _commands()}


def targets() -> set[str]:
    """What may be typed after `make`."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    phony = re.search(r"^\.PHONY: (.+)$", makefile, flags=re.MULTILINE)
    assert phony is not None
    return set(phony[1].split())


def text_of(documents: list[Path]) -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in documents)


def typed(text: str) -> Iterator[tuple[str, str]]:
    """("shuxiang", "import"), ("make", "demo") …: every command line in code marks or code blocks."""
    code = re.findall(r"`([^`\n]+)`", text) + re.findall(r"^ {4}(\S.*)$", text, flags=re.MULTILINE)
    for line in code:
        yield from re.findall(r"(?:^|[|&] |\$ )(shuxiang|make) ([a-z][a-z-]*)", line)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_links_lead_to_files_that_exist(document: Path) -> None:
    links = [link.partition("#")[0] for link in LINK.findall(document.read_text(encoding="utf-8"))]
    assert [link for link in links if link and not (document.parent / link).exists()] == []


def test_every_command_and_every_make_target_is_explained_to_users() -> None:
    said = text_of(FOR_USERS)
    assert {name for name in commands() if not re.search(rf"shuxiang {name}\b", said)} == set()
    assert {name for name in targets() if not re.search(rf"make {name}\b", said)} == set()


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_what_is_to_be_typed_exists(document: Path) -> None:
    known = {"shuxiang": commands(), "make": targets()}
    said = typed(document.read_text(encoding="utf-8"))
    assert [f"{program} {word}" for program, word in said if word not in known[program]] == []


def test_the_page_of_figures_is_what_the_registry_says() -> None:
    written = figures.PAGE.read_text(encoding="utf-8")
    assert written == figures.page(), "write it anew: python -m tools.figures"


def test_every_manual_page_has_its_place_in_the_readme() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    pages = [f"docs/manual/{path.name}" for path in sorted((ROOT / "docs" / "manual").glob("*.md"))]
    assert pages
    assert [page for page in pages if f"]({page})" not in readme] == []
