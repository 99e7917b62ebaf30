"""Import and export of books. Django finds this module at start; it registers with shuxiang.imports, below."""

from collections.abc import Sequence
from datetime import datetime

from shuxiang.audit.models import Operation
from shuxiang.catalogue.services import LIMITS
from shuxiang.common.actors import Actor
from shuxiang.holdings.imports.exporting import export_books
from shuxiang.holdings.imports.marcexport import export_marc
from shuxiang.holdings.imports.session import BookSession
from shuxiang.holdings.imports.undo import undo_books
from shuxiang.holdings.imports.words import WORDS
from shuxiang.imports import registry
from shuxiang.imports.models import Run
from shuxiang.imports.shapes import Ahead, Context, Progress, Undone
from shuxiang.imports.tables import BOOK_FIELDS, FieldSpec


class BookImporter:
    """See imports.shapes.Importer."""

    kind = "books"
    fields: Sequence[FieldSpec] = BOOK_FIELDS
    left_out: frozenset[str] = frozenset()
    reads_marc = True
    ahead: Ahead | None = Ahead("shuxiang.holdings.reading.ahead", {"limits": LIMITS})
    keeps_file = True

    def begin(self, context: Context) -> BookSession:
        return BookSession(context)

    def undo(self, run: Run, *, by: Actor, at: datetime, operation: Operation, progress: Progress) -> Undone:
        return undo_books(run, by=by, at=at, operation=operation, progress=progress)


registry.register(BookImporter(), WORDS)
registry.register_exporter("books", export_books)
registry.register_exporter("marc", export_marc)
