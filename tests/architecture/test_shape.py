"""Small files, thin doors, one place for what differs between systems."""

import ast
from collections.abc import Iterator

from tests.architecture.source import DOORS, Module, imported, modules

LINES_PER_FILE, LINES_PER_FUNCTION = 400, 40
WRITES = {
    "save",
    "create",
    "update",
    "delete",
    "get_or_create",
    "update_or_create",
    "bulk_create",
    "bulk_update",
}
# attributes named like writes that touch no row: session.update, dict.update, hashlib's update …
HARMLESS_OWNERS = {"session", "headers", "digest", "context", "attrs", "options", "environ"}
POSIX_ONLY = {
    "fcntl",
    "pwd",
    "grp",
    "resource",
    "termios",
    "tty",
    "pty",
    "posix",
    "syslog",
    "crypt",
    "spwd",
    "nis",
    "readline",
}
WINDOWS_ONLY = {"msvcrt", "winreg", "winsound", "_winapi"}
THE_LOCK_FILE = "shuxiang/common/locks.py"


def functions(module: Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (
        node for node in ast.walk(module.tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    )


def body_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines from the first statement after the docstring to the end."""
    body = function.body[1:] if ast.get_docstring(function, clean=False) is not None else function.body
    return (function.end_lineno or 0) - body[0].lineno + 1 if body else 0


def owner(call: ast.Attribute) -> str:
    """The name just left of the dot: `x` in a.x.save."""
    value = call.value
    return value.attr if isinstance(value, ast.Attribute) else getattr(value, "id", "")


def test_no_file_is_longer_than_400_lines() -> None:
    assert [(m.name, m.lines) for m in modules() if m.lines > LINES_PER_FILE and not m.is_test] == []


def test_no_function_body_is_longer_than_40_lines() -> None:
    """Without signature and docstring: an act names who, when and where, each in a line of its own."""
    long = [
        f"{module.name}:{node.lineno} {node.name} has {size}"
        for module in modules()
        for node in functions(module)
        if not module.is_test and (size := body_lines(node)) > LINES_PER_FUNCTION
    ]
    assert long == []


def test_doors_and_views_write_nothing() -> None:
    """They call services, which decide, record who did it, and count it once however often it is sent."""
    wrong = []
    for module in modules():
        is_door = module.room in DOORS or module.path.name == "views.py" or "views" in module.path.parts
        if module.is_test or not is_door:
            continue
        for node in ast.walk(module.tree):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
                continue
            if node.func.attr in WRITES and owner(node.func) not in HARMLESS_OWNERS:
                wrong.append(f"{module.name}:{node.lineno} .{node.func.attr}()")
    assert wrong == []


def test_what_only_one_system_has_is_used_in_the_lock_file_only() -> None:
    wrong = [
        f"{module.name}:{line} imports {name}"
        for module in modules()
        for name, line in imported(module.tree)
        if name in POSIX_ONLY | WINDOWS_ONLY and module.name != THE_LOCK_FILE
    ]
    assert wrong == []


def test_nothing_listens_to_signals_of_our_own() -> None:
    wrong = [
        f"{module.name}:{node.lineno}"
        for module in modules()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Signal"
    ]
    assert wrong == []
