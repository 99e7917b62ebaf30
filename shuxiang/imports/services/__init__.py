"""The acts of this room: preview, import, resume, undo; and the same for pages, as drafts and jobs."""

from shuxiang.imports.services.drafts import (
    KEPT_DAYS,
    Choice,
    NotChosen,
    bring,
    bring_again,
    choose,
    is_school_year,
    start,
    still_missing,
    sweep,
    throw_away,
)
from shuxiang.imports.services.running import (
    NotImported,
    Preview,
    carry_out,
    import_file,
    preview,
    recover,
)
from shuxiang.imports.services.undoing import UNDO_DAYS, CannotUndo, above, may_undo, undo

__all__ = [
    "KEPT_DAYS",
    "UNDO_DAYS",
    "CannotUndo",
    "Choice",
    "NotChosen",
    "NotImported",
    "Preview",
    "above",
    "bring",
    "bring_again",
    "carry_out",
    "choose",
    "import_file",
    "is_school_year",
    "may_undo",
    "preview",
    "recover",
    "start",
    "still_missing",
    "sweep",
    "throw_away",
    "undo",
]
