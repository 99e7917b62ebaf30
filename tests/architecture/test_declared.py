"""What is declared in one place is declared in the other too: dependencies, settings, migrations."""

import io
import re
import sys
import tomllib
from importlib.metadata import packages_distributions

import pytest
from django.core.management import call_command

from shuxiang.config.environment import SETTINGS
from tests.architecture.source import ROOT, imported, modules

# named in settings or chosen by the database address, never imported by us
NOT_INSTALLED = {"compression", "django_stubs_ext"}  # Python 3.14's own; types only
CALLED_BY_DJANGO = {"argon2-cffi", "psycopg", "whitenoise", "django-htmx", "django-axes"}


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


def test_every_library_that_is_imported_is_declared_and_the_other_way_round() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    declared = {plain(re.split(r"[\[=]", line)[0]) for line in project["project"]["dependencies"]}
    providers = packages_distributions()
    used = {
        plain(provider)
        for module in modules()
        if not module.is_test
        for name, _line in imported(module.tree)
        if name not in sys.stdlib_module_names | NOT_INSTALLED and name != "shuxiang"
        for provider in providers.get(name, [f"no distribution for {name}"])[:1]
    }
    assert used - declared == set()
    assert declared - used == CALLED_BY_DJANGO | {"tzdata"}


def plain(name: str) -> str:
    """A distribution's name as the registries compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


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
