"""The acts of this room: preview, import, resume, undo."""

from shuxiang.imports.services.running import (
    NotImported,
    Preview,
    carry_out,
    import_file,
    preview,
    recover,
    start,
)
from shuxiang.imports.services.undoing import CannotUndo, undo

__all__ = [
    "CannotUndo",
    "NotImported",
    "Preview",
    "carry_out",
    "import_file",
    "preview",
    "recover",
    "start",
    "undo",
]
