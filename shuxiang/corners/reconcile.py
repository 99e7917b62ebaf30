"""Boxes against loans; and what is nobody's property stays beside the books."""

from collections.abc import Iterator

from django.db.models import Exists, F, OuterRef, Q

from shuxiang.audit.reconcile import Difference, check, words
from shuxiang.corners.besides import DriftHop, OwnBook, OwnLoan
from shuxiang.corners.messages import speak
from shuxiang.corners.models import BoxLine, CornerCheck, CornerLine


@check("corners.boxes")
def boxes_name_their_loans(library_code: str | None) -> Iterator[Difference]:
    """The loan of a line is of its volume, to the class of its box, in its library."""
    lines = BoxLine.objects.filter(loan__isnull=False).select_related("box__library")
    if library_code:
        lines = lines.filter(box__library__code=library_code)
    right = Q(loan__item=F("item"), loan__patron=F("box__patron"), loan__library=F("box__library"))
    for line in lines.exclude(right).exclude(loan__patron=None):
        subject, box = f"corners.box:{line.box_id}", line.box
        yield Difference(
            "corners.boxes", box.library.code, subject, "box_loan_differs", {"number": box.number}
        )


@check("corners.besides")
def what_is_beside_agrees(library_code: str | None) -> Iterator[Difference]:
    """An own book, its corner and owner are of one library, nobody has one that left; no hop is too early."""
    books = OwnBook.objects.select_related("library")
    hops = DriftHop.objects.select_related("book__library")
    if library_code:
        books, hops = books.filter(library__code=library_code), hops.filter(book__library__code=library_code)
    strange = ~Q(location__library=F("library")) | (Q(owner__isnull=False) & ~Q(owner__library=F("library")))
    held = Exists(OwnLoan.objects.filter(book=OuterRef("pk"), in_on=None))
    for code, wrong in (
        ("own_elsewhere", books.filter(strange)),
        ("own_after_end", books.filter(held, ended_on__isnull=False)),
    ):
        for book in wrong:
            subject = f"corners.own:{book.pk}"
            yield Difference("corners.besides", book.library.code, subject, code, {"number": book.code})
    for hop in hops.filter(on__lt=F("book__released_on")):
        subject, book_ = f"corners.drift:{hop.book_id}", hop.book
        yield Difference(
            "corners.besides", book_.library.code, subject, "hop_out_of_time", {"number": book_.code}
        )


@check("corners.checks")
def open_checks_have_no_lines(library_code: str | None) -> Iterator[Difference]:
    """Lines of a check are written when it is closed, and go when it is opened again."""
    checks = CornerCheck.objects.filter(closed_at=None).select_related("library")
    if library_code:
        checks = checks.filter(library__code=library_code)
    for one in checks.filter(Exists(CornerLine.objects.filter(of=OuterRef("pk")))):
        subject = f"corners.check:{one.pk}"
        yield Difference(
            "corners.checks", one.library.code, subject, "check_without_lines", {"label": one.label}
        )


words("corners", speak)
