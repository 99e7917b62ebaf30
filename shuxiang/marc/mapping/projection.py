"""What the program understands of a bibliographic record, the same for CNMARC and MARC 21."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

DocType = Literal["book", "serial", "audiovisual", "electronic", "map", "music"]


@dataclass(frozen=True, slots=True)
class Author:
    """A person or body and what they did: ("曹文轩", "著"). The role is the record's own word, or ''."""

    name: str
    role: str = ""


@dataclass(frozen=True, slots=True)
class Isbn:
    """An ISBN exactly as printed in the record (hyphens, wrong check digits and all) and its qualifier (精装)."""

    raw: str
    qualifier: str = ""


@dataclass(frozen=True, slots=True)
class Series:
    """A series statement and the number within it."""

    title: str
    volume: str = ""


@dataclass(frozen=True, slots=True)
class ClassNumber:
    """A class number of a scheme other than CLC: "cas" (692 科图法), "ddc", "lcc", "ndc" …"""

    scheme: str
    number: str
    edition: str = ""


@dataclass(frozen=True, slots=True)
class SetParent:
    """The set (461) this record is a volume of; `number` is its record id or ISBN as the link gives it."""

    title: str
    number: str = ""
    volume: str = ""


@dataclass(frozen=True, slots=True)
class LocalHolding:
    """What one local field says about volumes in one place.

    `copies` is the number the field states, None where it states none; `barcodes` have ranges expanded
    (`D123456-60` is five). `tag` is the field it came from, or the one to write.
    """

    library: str = ""
    location: str = ""
    barcodes: tuple[str, ...] = ()
    accession_numbers: tuple[str, ...] = ()
    class_number: str = ""
    book_number: str = ""
    call_number: str = ""
    price: str = ""
    copies: int | None = None
    volume: str = ""
    tag: str = "905"


@dataclass(frozen=True, slots=True)
class Projection:
    """The columns of a record. Text is trimmed and free of ISBD punctuation; absent is '' or ().

    `volume_mark` is the number of the part (第3册, 1999), `part_name` its name. `prices` are raw strings.
    `date` is as printed ("2012.05", "c2008"). `audience` holds CNMARC 100/17-19 codes (a b c d e k m u) for both
    profiles. `language` is the first ISO 639-2 code. `title_pinyin` comes from 200 $9 or $A (in MARC 21 the
    romanised title beside an 880). `accompanying` is what comes with the volume
    (1DVD). `carrier` is the medium designation ($b 专著, $h, 338 $a).
    `cancelled_isbns` ($z) and `control_number` (001) are not for merging records without a look.
    """

    title: str = ""
    title_remainder: str = ""
    volume_mark: str = ""
    part_name: str = ""
    parallel_title: str = ""
    title_pinyin: str = ""
    authors: tuple[Author, ...] = ()
    responsibility: str = ""
    isbns: tuple[Isbn, ...] = ()
    issn: str = ""
    prices: tuple[str, ...] = ()
    publisher: str = ""
    place: str = ""
    date: str = ""
    edition: str = ""
    extent: str = ""
    size: str = ""
    accompanying: str = ""
    series: tuple[Series, ...] = ()
    subjects: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    summary: str = ""
    language: str = ""
    audience: tuple[str, ...] = ()
    clc: str = ""
    clc_edition: str = ""
    other_classes: tuple[ClassNumber, ...] = ()
    set_parent: SetParent | None = None
    doc_type: DocType = "book"
    carrier: str = ""
    cancelled_isbns: tuple[str, ...] = ()
    control_number: str = ""
    holdings: tuple[LocalHolding, ...] = ()
