"""What a list of titles shows of each, ready for the template: read in a fixed few queries, escaped here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.html import conditional_escape
from django.utils.safestring import SafeString
from django.utils.translation import pgettext

from shuxiang.circulation.due import first_due
from shuxiang.holdings import listing
from shuxiang.holdings.listing import Title
from shuxiang.holdings.standing import Standing, standings
from shuxiang.opac import drawn, marks, words
from shuxiang.opac.face import Face
from shuxiang.ui.templatetags.ui import cover, state

MOST_BARCODES = 3


@dataclass(frozen=True, slots=True)
class Row:
    """One title in a list. What may hold marks or drawings is safe markup; all else is plain text."""

    url: str
    title: SafeString
    initials: str
    subtitle: str
    authors: str
    imprint: str
    audience: str
    cover: SafeString
    state: SafeString
    place: str
    call_number: str
    copies: str
    barcodes: str

    @property
    def hit(self) -> SafeString:
        """The title as it stands in a list of results."""
        return drawn.hit(self)


def rows(
    face: Face, record_ids: Sequence[int], *, cover_size: str = "list", asked: Sequence[str] = ()
) -> list[Row]:
    """The titles with these keys in their order; `asked` is marked in them. Staff see barcodes too."""
    titles = listing.titles(record_ids)
    where = standings(face.library, record_ids)
    comma = pgettext("publisher, year", ", ")
    due = first_due(face.library, [key for key, one in where.items() if one.account == "loan"])
    codes = listing.barcodes(face.library, record_ids) if face.is_staff else {}
    shown = []
    for key in record_ids:
        if key in titles:
            drawn = cover(titles[key].title, titles[key].clc, cover_size)
            row = _row(titles[key], where.get(key), due.get(key), asked, comma)
            shown.append(Row(url=face.record(key), cover=drawn, barcodes=_some(codes.get(key, [])), **row))
    return shown


def _row(
    record: Title, standing: Standing | None, due_on: date | None, asked: Sequence[str], comma: str
) -> dict[str, Any]:
    """What a row says of the title itself and of where it stands."""
    found = words.availability(standing, due_on)
    title = marks.marked(record.title, asked, record.title_initials)
    if record.volume_mark:
        title += conditional_escape(f" {record.volume_mark}")
    return {
        "title": title,
        "initials": record.title_initials,
        "subtitle": record.subtitle,
        "authors": record.authors,
        "imprint": comma.join(filter(None, (record.publisher, record.published))),
        "audience": words.audience(record.audience),
        "state": state(found.kind, found.words),
        "place": standing.place if standing else "",
        "call_number": standing.call_number if standing else "",
        "copies": words.copies_words(standing),
    }


def _some(codes: Sequence[str]) -> str:
    return " ".join(codes[:MOST_BARCODES]) + (" …" if len(codes) > MOST_BARCODES else "")
