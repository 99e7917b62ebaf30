"""The program's own source as syntax trees, and the storeys of the house, for the architecture tests."""

import ast
import configparser
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "shuxiang"
DOORS = ("desk", "opac", "kiosk", "interop", "cli", "demo")


@dataclass(frozen=True)
class Module:
    """One file of the program."""

    path: Path
    lines: int
    tree: ast.Module

    @property
    def name(self) -> str:
        """Path below the root, with slashes on every system."""
        return self.path.relative_to(ROOT).as_posix()

    @property
    def room(self) -> str:
        """The room the file belongs to; the empty string for the package's own files."""
        parts = self.path.relative_to(PACKAGE).parts
        return parts[0] if len(parts) > 1 else ""

    @property
    def is_test(self) -> bool:
        """Whether the file belongs to a room's tests."""
        return "tests" in self.path.relative_to(PACKAGE).parts


@cache
def modules() -> tuple[Module, ...]:
    """Every Python file of the package but migrations."""
    found = []
    for path in sorted(PACKAGE.rglob("*.py")):
        if "migrations" not in path.parts:
            text = path.read_text(encoding="utf-8")
            found.append(Module(path, text.count("\n"), ast.parse(text, filename=str(path))))
    return tuple(found)


def imported(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """Top name and line of everything the tree imports."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name.split(".")[0], node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.split(".")[0], node.lineno


def storeys() -> dict[str, int]:
    """Room → storey, 0 at the roof; planned rooms too. Read from the import contract: one drawing."""
    contract = configparser.ConfigParser()
    contract.read(ROOT / ".importlinter", encoding="utf-8")
    rows = contract["importlinter:contract:storeys"]["layers"].split("\n")
    drawing = [row for row in rows if row.strip()]
    return {room.strip(" ()"): height for height, row in enumerate(drawing) for room in row.split("|")}
