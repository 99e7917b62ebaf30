"""Import and export of readers. Django finds this module at start; it registers with shuxiang.imports, below."""

from collections.abc import Sequence
from datetime import datetime

from shuxiang.audit.models import Operation
from shuxiang.common.actors import Actor
from shuxiang.imports import registry
from shuxiang.imports.models import Run
from shuxiang.imports.shapes import Ahead, Context, Progress, Undone
from shuxiang.imports.tables import PATRON_FIELDS, FieldSpec
from shuxiang.patrons.imports.exporting import export_patrons
from shuxiang.patrons.imports.session import PatronSession, register_default_limit
from shuxiang.patrons.imports.undo import register_use, undo_patrons
from shuxiang.patrons.imports.words import WORDS

__all__ = ["PatronImporter", "register_default_limit", "register_use"]


class PatronImporter:
    """See imports.shapes.Importer."""

    kind = "patrons"
    fields: Sequence[FieldSpec] = PATRON_FIELDS
    left_out: frozenset[str] = frozenset({"sex", "birth_on", "deposit", "id_number", "phone", "address"})
    reads_marc = False
    ahead: Ahead | None = None
    keeps_file = False

    def begin(self, context: Context) -> PatronSession:
        return PatronSession(context)

    def undo(self, run: Run, *, by: Actor, at: datetime, operation: Operation, progress: Progress) -> Undone:
        return undo_patrons(run, by=by, at=at, operation=operation, progress=progress)


registry.register(PatronImporter(), WORDS)
registry.register_exporter("patrons", export_patrons)
