"""Barcodes in a photograph: an image file's bytes in, what the bars say out. Knows no Django and keeps nothing.

A photograph comes from a telephone and so from anybody: the file's length is looked at first, then the size that its head
claims, and only then is it unpacked, a large JPEG already reduced, and one after another, so that no number of photographs
at a time takes more than some tens of megabytes.
"""

from dataclasses import dataclass
from io import BytesIO
from threading import Lock

import zxingcpp
from PIL import Image
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.WebPImagePlugin import WebPImageFile

from shuxiang.common.codes import clean_scan

MOST_BYTES = 16 * 1024 * 1024
MOST_PIXELS = {  # by what a point costs while it is unpacked
    "JPEG": 64_000_000,  # reduced while it is read; telephones make 12 to 50 million
    "progressive": 9_000_000,  # a JPEG whose coefficients are all kept until its end, 6 bytes a point
    "PNG": 9_000_000,  # 4 bytes and the shade of grey; more than any telephone's screen has
    "WEBP": 3_000_000,  # 16 bytes and more: its decoder draws two canvases and hands over a copy
}
WAIT = 2.0  # seconds that a photograph waits for the one before it
MOST_LOOKED_AT = 12_500_000  # pixels of a JPEG after reducing
ENOUGH = 2400  # pixels on the longer side; the bars of a book held in the hand are then 2 or more wide
MOST_SIDE = 4000  # pixels that are looked at; a panorama is made smaller
MOST_CODES = 40

_KINDS = (JpegImageFile.format, PngImageFile.format, WebPImageFile.format)
_FORMATS = zxingcpp.BarcodeFormats(
    [
        zxingcpp.BarcodeFormat.EAN13,
        zxingcpp.BarcodeFormat.EAN8,
        zxingcpp.BarcodeFormat.Code128,
        zxingcpp.BarcodeFormat.Code39,
        zxingcpp.BarcodeFormat.QRCode,
    ]
)


@dataclass(frozen=True, slots=True)
class Found:
    """One code in a picture, cleaned as a scanner's would be, with the symbology's name (EAN13, Code128 …)."""

    text: str
    kind: str


class NotAPicture(Exception):
    """The bytes could not be read as a picture; `code` says why: too_long, too_large, unreadable, busy (try again)."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


_ONE_AT_A_TIME = Lock()


def read_barcodes(data: bytes) -> tuple[Found, ...]:
    """Every different code in a JPEG, PNG or WebP, in reading order (top to bottom); empty when there is none.

    The two or five digits that stand beside an EAN (issue, price) are left out. Raises NotAPicture.
    """
    if len(data) > MOST_BYTES:
        raise NotAPicture("too_long")
    if not _ONE_AT_A_TIME.acquire(timeout=WAIT):
        raise NotAPicture("busy")
    try:
        found = _bars(_unpacked(data))
    finally:
        _ONE_AT_A_TIME.release()
    placed = sorted((seen for seen in found if seen.valid), key=lambda seen: seen.position.top_left.y)
    codes = {clean_scan(seen.text): seen.format.name for seen in reversed(placed)}
    return tuple(Found(text, codes[text]) for text in reversed(codes) if text)[:MOST_CODES]


def _bars(grey: Image.Image) -> list[zxingcpp.Barcode]:
    """The codes as they lie; bars that lie aslant are looked for along and across only, so the second look is turned."""
    found = zxingcpp.read_barcodes(grey, formats=_FORMATS)
    if found:
        return found
    grey.thumbnail((ENOUGH, ENOUGH))
    return zxingcpp.read_barcodes(grey.rotate(45, expand=True, fillcolor=255), formats=_FORMATS)


def _unpacked(data: bytes) -> Image.Image:
    """The picture in shades of grey, no larger than is needed. Raises NotAPicture for whatever Pillow stumbles over."""
    try:
        with Image.open(BytesIO(data), formats=_KINDS) as picture:
            width, height = picture.size
            if width * height > MOST_PIXELS[_kind(picture)]:
                raise NotAPicture("too_large")
            if isinstance(picture, JpegImageFile):
                picture.draft("L", _reduced(width, height))
            grey = picture.convert("L")
    except NotAPicture:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as bomb:
        raise NotAPicture("too_large") from bomb
    except Exception as fault:  # a broken file may make a decoder raise anything; all of it means one thing
        raise NotAPicture("unreadable") from fault
    if max(grey.size) > MOST_SIDE:
        grey.thumbnail((MOST_SIDE, MOST_SIDE))
    return grey


def _kind(picture: Image.Image) -> str:
    """The row of MOST_PIXELS."""
    return "progressive" if picture.info.get("progressive") else picture.format or ""


def _reduced(width: int, height: int) -> tuple[int, int]:
    """The size asked of the JPEG decoder, which halves: as large as fits the points that are looked at."""
    halved = 1
    while width * height > MOST_LOOKED_AT * halved * halved:
        halved *= 2
    return max(1, width // halved), max(1, height // halved)
