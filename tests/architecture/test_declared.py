"""What is declared in one place is declared in the other too: dependencies, settings, migrations."""

import io
import re
import tomllib

import pytest
from django.core.management import call_command

from shuxiang.config.environment import SETTINGS
from tests.architecture.source import ROOT


def dependencies() -> dict[str, str]:
    """Name → exact version of every direct dependency, of the tests and the build too."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    lines = project["build-system"]["requires"] + project["project"]["dependencies"]
    lines += [line for group in project["project"]["optional-dependencies"].values() for line in group]
    found = {}
    for line in lines:
        if line.startswith("shuxiang["):
            continue
        match = re.fullmatch(r"([\w.-]+)(?:\[[\w,]+\])?==([\w.]+)(?:;.*)?", line.strip())
        assert match, f"{line!r} is not pinned to one version"
        found[match[1]] = match[2]
    return found


def test_every_direct_dependency_has_its_line_of_reason() -> None:
    page = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")
    listed = dict(re.findall(r"^\| ([\w.-]+)(?:\[\w+\])? \| (\d[\w.]+) \|", page, flags=re.MULTILINE))
    assert listed == dependencies()


def test_every_setting_is_on_its_page() -> None:
    page = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    rows = [
        f"| `{s.name}` | {s.kind} | {f'`{s.default}`' if s.default else ''} | {s.sentence} |"
        for s in SETTINGS
    ]
    assert [line for line in page.splitlines() if line.startswith("| `")] == rows


@pytest.mark.django_db
def test_no_migration_is_missing() -> None:
    out = io.StringIO()
    call_command("makemigrations", "--check", "--dry-run", stdout=out, verbosity=1)
    assert "No changes detected" in out.getvalue()
