"""What stands on each kind of label, card and sign: facts of a volume, a reader or a class in, blocks out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from shuxiang.catalogue.card import Heading, card
from shuxiang.catalogue.clc import name_of
from shuxiang.catalogue.clc.outline import OUTLINE
from shuxiang.printing.labels import Beside, Block, Code, Grid, Label, Panel, Rule, Words

if TYPE_CHECKING:
    from shuxiang.holdings.labels import VolumeWords
    from shuxiang.patrons.labels import ReaderWords
    from shuxiang.printing.codes import Symbology

Options = Mapping[str, str]
MOST_BELOW = 9  # classes listed on a sign


@dataclass(frozen=True, slots=True)
class Lacking:
    """What gets no label, and why."""

    name: str
    why: str


Made = Label | Lacking


def called(volume: VolumeWords) -> str:
    """What a message calls a volume: its number or code, and its title."""
    return " ".join(filter(None, (volume.accession or volume.barcode, f"《{volume.record.title}》")))


def spine(volume: VolumeWords, options: Options, _school: str) -> Made:
    """书标: class, book number, and as a third line the part and copy or the place; all lines of all labels stand alike."""
    if not volume.clc and not volume.book_number:
        return Lacking(called(volume), _("has no call number"))
    mark = volume.volume_mark
    third = volume.location_code if options.get("third") == "place" else _part_and_copy(volume)
    lines = [volume.clc or " ", volume.book_number or " "]
    if options.get("lines") == "3":
        lines.append(third or " ")
    elif mark:
        lines[1] = f"{volume.book_number}:{mark}"
    blocks: list[Block] = [
        Words(text=line, size=18, least=6, bold=not place) for place, line in enumerate(lines)
    ]
    code = options.get("code", "none")
    if code == "none":
        return Label(called(volume), tuple(blocks))
    if not volume.barcode:
        return Lacking(called(volume), _("has no barcode"))
    if code == "qr":
        square = Code(symbology="qr", text=volume.barcode, caption=False)
        return Label(called(volume), (Beside(left=tuple(blocks), right=(square,), ratio=0.55),))
    bars = Code(symbology=cast("Symbology", code), text=volume.barcode, share=len(lines) * 0.9)
    return Label(called(volume), (*blocks, bars))


def _part_and_copy(volume: VolumeWords) -> str:
    """2 of several parts, c3 of several copies."""
    copy = f"c{volume.copy_number}" if volume.copy_number > 1 else ""
    return " ".join(filter(None, (volume.volume_mark, copy)))


def barcode(volume: VolumeWords, options: Options, school: str) -> Made:
    """条码: the library's name, the title if wished, the code."""
    if not volume.barcode:
        return Lacking(called(volume), _("has no barcode"))
    title = volume.record.title if options.get("title", "yes") == "yes" else ""
    above = Words(text=school, size=8, least=4, lines=1)
    if options.get("symbology") == "qr":
        square = Code(symbology="qr", text=volume.barcode, caption=False)
        words = (
            above,
            Words(text=title, size=8, least=4, lines=3),
            Words(text=volume.barcode, size=10, lines=1),
        )
        return Label(called(volume), (Beside(left=(square,), right=words, ratio=0.45),))
    symbology = cast("Symbology", options.get("symbology", "code128"))
    named = Words(text=title, size=8, least=4, lines=1)
    return Label(called(volume), (above, named, Code(symbology=symbology, text=volume.barcode, share=3.2)))


def book_card(volume: VolumeWords, _options: Options, school: str) -> Made:
    """书卡: what the volume is, and lines for who has it."""
    head = Beside(
        left=(Words(text=volume.call_number, size=12, align="left"),),
        right=(Words(text=volume.accession, size=12, align="right"),),
        share=0.8,
    )
    lines = Grid(
        headings=(_("Lent on"), _("Class"), pgettext("of a reader", "Name"), _("Back on")),
        widths=(1.1, 0.9, 1.2, 1.1),
        share=9.5,
    )
    title = Words(text=volume.record.title, size=13, bold=True, share=1.3)
    author = Words(text=volume.record.authors, size=9, share=0.8)
    return Label(
        called(volume), (Words(text=school, size=10, share=0.8, lines=1), head, title, author, lines)
    )


def pocket(volume: VolumeWords, _options: Options, school: str) -> Made:
    """书袋: the back is glued into the book, the front is folded up over it and glued by its flaps."""
    front: list[Block] = [
        Words(text=school, size=14, bold=True, lines=1),
        Beside(
            left=(Words(text=volume.call_number, size=14, align="left"),),
            right=(Words(text=volume.accession, size=14, align="right"),),
        ),
        Words(text=volume.record.title, size=16, share=1.6),
        Words(text=volume.record.authors, size=10),
        Rule(),
    ]
    if volume.barcode:
        front.append(Code(symbology="code128", text=volume.barcode, share=2.4))
    front.append(Words(text=_("Please take care of this book and bring it back in time."), size=9, share=0.7))
    glued = Words(text=_("This side is glued into the book."), size=9, at_head=True)
    return Label(
        called(volume),
        (Panel(blocks=(glued,), share=1.1, flap=15.0), Panel(blocks=tuple(front), share=1.0, flap=15.0)),
    )


def catalogue_card(volume: VolumeWords, options: Options, _school: str) -> Made:
    """著录卡: call number at the left, the description with its punctuation, what it is filed under."""
    described = card(volume.record, cast("Heading", options.get("heading", "main")), clc=volume.clc)
    left = (
        Words(text=volume.clc, size=11, align="left", family="serif", at_head=True, share=0.5),
        Words(text=volume.book_number, size=11, align="left", family="serif", at_head=True, share=0.5),
        Words(text=" ", share=3.2),
        Words(text=volume.accession, size=9, align="left", family="serif", share=0.5),
    )
    body = "\n".join(f"　　{paragraph}" for paragraph in described.paragraphs)
    right: tuple[Block, ...] = (
        Words(text=described.heading, size=11, align="left", family="serif", bold=True, share=0.8, lines=1),
        Words(text=body, size=10, least=5, align="left", family="serif", at_head=True, share=6, lines=24),
        Words(text=described.tracing, size=8, least=4.5, align="left", family="serif", share=0.9),
    )
    return Label(called(volume), (Beside(left=left, right=right, ratio=0.19),))


def ownership(volume: VolumeWords, _options: Options, school: str) -> Made:
    """馆藏标: whose the volume is, its number and since when."""
    number = Words(text=volume.accession, size=11, lines=1)
    since = Words(text=volume.posted_on, size=8, share=0.7, lines=1)
    return Label(
        called(volume),
        (
            Words(text=school, size=13, bold=True, share=1.4),
            Words(text=_("Library property"), size=10, lines=1),
            Rule(),
            number,
            since,
        ),
    )


def reader_card(reader: ReaderWords, options: Options, school: str) -> Made:
    """读者证: school, name, class, number as a code."""
    if not reader.number:
        return Lacking(reader.name, _("has no valid card"))
    symbology = cast("Symbology", options.get("symbology", "code128"))
    names: tuple[Block, ...] = (
        Words(text=reader.name, size=24, bold=True, share=1.6),
        Words(text=reader.school_class or reader.category, size=12, share=0.9, lines=1),
    )
    head = (
        Words(text=school, size=13, share=1.0, lines=1),
        Words(text=_("Reader's card"), size=9, share=0.7),
        Rule(),
    )
    if symbology == "qr":
        square = Code(symbology="qr", text=reader.number, caption=False)
        body = Beside(
            left=(*names, Words(text=reader.number, size=11, lines=1)), right=(square,), ratio=0.62, share=4
        )
        return Label(reader.name, (*head, body))
    return Label(reader.name, (*head, *names, Code(symbology=symbology, text=reader.number, share=2.2)))


def class_sign(code: str, options: Options, _school: str) -> Made:
    """类目牌: a class with its name and, if wished, the classes below it."""
    name = name_of(code)
    if not name:
        return Lacking(code, _("is no class whose name is known here"))
    below = [one for one in OUTLINE if one.code.startswith(code) and one.code != code and not one.use]
    below = [one for one in below if len(one.code) == min((len(each.code) for each in below), default=0)]
    words: tuple[Block, ...] = (Words(text=name, size=90, least=10, bold=True, share=2),)
    if options.get("below", "no") == "yes":
        listed = "　".join(f"{one.code} {one.name}" for one in below[:MOST_BELOW])
        words = (*words, Words(text=listed, size=24, least=7, lines=6, share=1))
    return Label(
        code, (Beside(left=(Words(text=code, size=170, least=14, bold=True),), right=words, ratio=0.28),)
    )


def sign(text: str, _options: Options, _school: str) -> Made:
    """架标 and any other sign: what stands before | in large type, what stands behind it in smaller type below."""
    large, _bar, small = text.partition("|")
    words = Words(text=large.strip(), size=120, least=10, bold=True, share=2)
    return Label(large.strip(), (words, Words(text=small.strip(), size=48, least=8, lines=4)))
