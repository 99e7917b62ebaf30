"""The words for the fields of lists, as a person chooses among them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import pgettext_lazy

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

FIELDS: dict[str, StrOrPromise] = {
    "isbn": pgettext_lazy("column", "ISBN"),
    "title": pgettext_lazy("column", "Title"),
    "subtitle": pgettext_lazy("column", "Subtitle"),
    "parallel_title": pgettext_lazy("column", "Parallel title"),
    "authors": pgettext_lazy("column", "Authors"),
    "publisher": pgettext_lazy("column", "Publisher"),
    "publication": pgettext_lazy("column", "Publication (all in one)"),
    "pub_place": pgettext_lazy("column", "Place of publication"),
    "pub_date": pgettext_lazy("column", "Date of publication"),
    "edition": pgettext_lazy("column", "Edition"),
    "pages": pgettext_lazy("column", "Pages"),
    "price": pgettext_lazy("column", "List price"),
    "set_price": pgettext_lazy("column", "Price of the set"),
    "paid_price": pgettext_lazy("column", "Price paid"),
    "copies": pgettext_lazy("column", "Number of volumes"),
    "clc": pgettext_lazy("column", "Class number"),
    "call_number": pgettext_lazy("column", "Call number"),
    "book_number": pgettext_lazy("column", "Book number"),
    "barcode": pgettext_lazy("column", "Barcode"),
    "accession_number": pgettext_lazy("column", "Accession number"),
    "set_volumes": pgettext_lazy("column", "Volumes in the set"),
    "location": pgettext_lazy("column", "Shelving location"),
    "series": pgettext_lazy("column", "Series"),
    "volume": pgettext_lazy("column", "Volume mark"),
    "volume_title": pgettext_lazy("column", "Title of the volume"),
    "size": pgettext_lazy("column", "Size"),
    "binding": pgettext_lazy("column", "Binding"),
    "summary": pgettext_lazy("column", "Summary"),
    "subjects": pgettext_lazy("column", "Subjects"),
    "audience": pgettext_lazy("column", "Audience"),
    "pinyin_annotated": pgettext_lazy("column", "With pinyin"),
    "picture_book": pgettext_lazy("column", "Picture book"),
    "reference": pgettext_lazy("column", "Reference work"),
    "language": pgettext_lazy("column", "Language"),
    "medium": pgettext_lazy("column", "Medium"),
    "acquisition_kind": pgettext_lazy("column", "Way of acquisition"),
    "supplier": pgettext_lazy("column", "Supplier"),
    "fund": pgettext_lazy("column", "Fund"),
    "donor": pgettext_lazy("column", "Donor"),
    "accession_date": pgettext_lazy("column", "Date of entry"),
    "batch_number": pgettext_lazy("column", "Batch"),
    "document_number": pgettext_lazy("column", "Document number"),
    "issn": pgettext_lazy("column", "ISSN"),
    "cn_number": pgettext_lazy("column", "CN number"),
    "status": pgettext_lazy("column", "Status"),
    "rfid": pgettext_lazy("column", "RFID"),
    "library": pgettext_lazy("column", "Library"),
    "control_number": pgettext_lazy("column", "Control number"),
    "note": pgettext_lazy("column", "Note"),
    "card": pgettext_lazy("column", "Card number"),
    "name": pgettext_lazy("column", "Name"),
    "sex": pgettext_lazy("column", "Sex"),
    "unit": pgettext_lazy("column", "Class or unit"),
    "grade": pgettext_lazy("column", "Grade"),
    "category": pgettext_lazy("column", "Kind of reader"),
    "quota": pgettext_lazy("column", "Loan quota"),
    "student_no": pgettext_lazy("column", "Pupil number"),
    "joined_on": pgettext_lazy("column", "Card given on"),
    "expires_on": pgettext_lazy("column", "Valid until"),
    "entry_year": pgettext_lazy("column", "Year of entry"),
    "school_year": pgettext_lazy("column", "School year"),
    "birth_on": pgettext_lazy("column", "Birth date"),
    "old_card": pgettext_lazy("column", "Former card number"),
    "deposit": pgettext_lazy("column", "Deposit"),
    "id_number": pgettext_lazy("column", "Identity number"),
    "phone": pgettext_lazy("column", "Phone"),
    "address": pgettext_lazy("column", "Address"),
    "time": pgettext_lazy("column", "Time"),
    "lent_time": pgettext_lazy("column", "Lent at"),
    "returned_time": pgettext_lazy("column", "Returned at"),
    "due": pgettext_lazy("column", "Due date"),
    "action": pgettext_lazy("column", "Act (lent, returned …)"),
    "branch_in": pgettext_lazy("column", "Returned to"),
    "operator": pgettext_lazy("column", "Who did it"),
}


def field_word(name: str) -> str:
    """A field as people call it."""
    return str(FIELDS.get(name, name))
