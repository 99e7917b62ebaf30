"""A PDF file, written page after page: lengths in millimetres from the upper left corner, sizes of type in points.

    with Document(file, title="个别登记帐") as document:
        page = document.page(*A4)
        page.text(20, 30, "书名", size=10.5)
        page.line(20, 32, 190, 32)

Every page goes to the file as soon as the next one begins, so a file of any length needs the memory of one page; the fonts,
cut down to the signs that were used, come last. Signs that no font has are printed as 〓 and listed in `Document.missing`.
Knows no Django.
"""

import zlib
from collections.abc import Sequence
from datetime import datetime
from types import TracebackType
from typing import BinaryIO, Literal, Self

from shuxiang.printing.font import GETA, Face, Family, face

POINTS = 72 / 25.4  # in a millimetre
A4 = (210.0, 297.0)
A4_LANDSCAPE = (297.0, 210.0)
A3_LANDSCAPE = (420.0, 297.0)
HAIRLINE = 0.2  # mm

Align = Literal["left", "centre", "right"]


def text_width(text: str, size: float, family: Family = "sans") -> float:
    """How long a line of text is: millimetres, for a size in points."""
    return face(family).width(text) * size / 1000 / POINTS


class Page:
    """One page being drawn."""

    def __init__(self, document: "Document", width: float, height: float) -> None:
        self.document, self.width, self.height = document, width, height
        self._drawn: list[str] = []

    def text(
        self,
        x: float,
        y: float,
        text: str,
        *,
        size: float = 10.5,
        family: Family = "sans",
        align: Align = "left",
        bold: bool = False,
    ) -> float:
        """A line of text whose foot stands at y and that begins, is centred or ends at x. Returns its length in mm."""
        length = text_width(text, size, family)
        left = x - length * {"left": 0, "centre": 0.5, "right": 1}[align]
        codes = self.document.encode(text, family)
        weight = f"2 Tr {_n(size / 28)} w" if bold else "0 Tr"
        self._drawn.append(f"BT /{family} {_n(size)} Tf {weight} {self._at(left, y)} Td <{codes}> Tj ET")
        return length

    def line(
        self, x1: float, y1: float, x2: float, y2: float, *, width: float = HAIRLINE, dashed: bool = False
    ) -> None:
        """A straight line, millimetres wide."""
        dash = "[2 2] 0 d" if dashed else "[] 0 d"
        self._drawn.append(f"{_n(width * POINTS)} w {dash} {self._at(x1, y1)} m {self._at(x2, y2)} l S")

    def frame(self, x: float, y: float, width: float, height: float, *, line: float = HAIRLINE) -> None:
        """The outline of a rectangle."""
        self._drawn.append(f"{_n(line * POINTS)} w [] 0 d {self._box(x, y, width, height)} re S")

    def fill(self, x: float, y: float, width: float, height: float, *, grey: float = 0.0) -> None:
        """A rectangle filled with a shade from 0 (black) to 1 (white)."""
        self._drawn.append(f"{_n(grey)} g {self._box(x, y, width, height)} re f 0 g")

    def boxes(self, boxes: Sequence[tuple[float, float, float, float]]) -> None:
        """Many black rectangles (x, y, width, height) as one shape: the bars of a code."""
        if boxes:
            self._drawn.append("\n".join(f"{self._box(*box)} re" for box in boxes) + "\nf")

    def shift(self, right: float, down: float, wider: float = 1.0, taller: float = 1.0) -> None:
        """Everything drawn from now on moved by millimetres and stretched from the page's upper left corner."""
        foot = self.height * POINTS * (1 - taller) - down * POINTS
        self._drawn.append(f"{wider:.6f} 0 0 {taller:.6f} {_n(right * POINTS)} {_n(foot)} cm")

    def content(self) -> bytes:
        return "\n".join(self._drawn).encode("ascii")

    def _at(self, x: float, y: float) -> str:
        return f"{_n(x * POINTS)} {_n((self.height - y) * POINTS)}"

    def _box(self, x: float, y: float, width: float, height: float) -> str:
        return f"{self._at(x, y + height)} {_n(width * POINTS)} {_n(height * POINTS)}"


class Document:
    """A PDF being written to an open binary file, which stays open. Close it, or use it as a context."""

    def __init__(
        self,
        out: BinaryIO,
        *,
        title: str,
        author: str = "",
        language: str = "zh-Hans",
        at: datetime | None = None,
    ) -> None:
        self.pages = 0
        self.missing: dict[str, None] = {}  # signs printed as 〓, in their order
        self._out, self._place = out, 0
        self._title, self._author, self._language, self._at = title, author, language, at
        self._objects: list[int] = []  # where each object begins
        self._kids: list[int] = []
        self._page: Page | None = None
        self._used: dict[Family, dict[int, str]] = {"sans": {}, "serif": {}}
        self._coded: dict[tuple[str, Family], str] = {}
        self._write(b"%PDF-1.6\n%\xe4\xb9\xa6\xe9\xa6\x99\n")
        self._root, self._tree, self._resources = self._reserve(), self._reserve(), self._reserve()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self.close()

    def page(self, width: float, height: float) -> Page:
        """Begin a page, millimetres wide and high; the one before is finished and written."""
        self._finish_page()
        self._page = Page(self, width, height)
        self.pages += 1
        return self._page

    def encode(self, text: str, family: Family) -> str:
        """The text as the font in the file numbers its signs, in hexadecimal."""
        codes = []
        for sign in text:
            code = self._coded.get((sign, family))
            codes.append(code if code is not None else self._code(sign, family))
        return "".join(codes)

    def _code(self, sign: str, family: Family) -> str:
        """Number a sign that is used for the first time."""
        used_face = face(family)
        glyph, _width = used_face.shown(sign)
        if sign > " " and used_face.glyph(sign) is None:
            self.missing[sign] = None
            self._used[family].setdefault(glyph, GETA)
        self._used[family].setdefault(glyph, sign if sign > " " else " ")
        code = self._coded[sign, family] = f"{used_face.cid(glyph):04x}"
        return code

    def close(self) -> None:
        """Write the last page, the fonts and the table of contents of the file."""
        self._finish_page()
        fonts = [
            f"/{family} {self._font(face(family), used)} 0 R" for family, used in self._used.items() if used
        ]
        self._object(self._resources, f"<< /Font << {' '.join(fonts)} >> >>")
        kids = " ".join(f"{kid} 0 R" for kid in self._kids)
        self._object(self._tree, f"<< /Type /Pages /Count {len(self._kids)} /Kids [{kids}] >>")
        viewer = "/ViewerPreferences << /PrintScaling /None >>"  # labels must not be fitted to the page
        self._object(
            self._root,
            f"<< /Type /Catalog /Pages {self._tree} 0 R /Lang {_string(self._language)} {viewer} >>",
        )
        about = f"/Title {_string(self._title)} /Author {_string(self._author)} /Producer {_string('Shuxiang 书香')}"
        if self._at:
            about += f" /CreationDate (D:{self._at:%Y%m%d%H%M%S}Z)"
        info = self._object(self._reserve(), f"<< {about} >>")
        start = self._place
        self._write(f"xref\n0 {len(self._objects) + 1}\n0000000000 65535 f \n".encode())
        self._write("".join(f"{place:010d} 00000 n \n" for place in self._objects).encode())
        trailer = f"<< /Size {len(self._objects) + 1} /Root {self._root} 0 R /Info {info} 0 R >>"
        self._write(f"trailer\n{trailer}\nstartxref\n{start}\n%%EOF\n".encode())

    def _finish_page(self) -> None:
        if self._page is None:
            return
        page, self._page = self._page, None
        content = self._stream(page.content())
        size = f"[0 0 {_n(page.width * POINTS)} {_n(page.height * POINTS)}]"
        self._kids.append(self._reserve())
        self._object(
            self._kids[-1],
            f"<< /Type /Page /Parent {self._tree} 0 R /MediaBox {size} /Resources {self._resources} 0 R"
            f" /Contents {content} 0 R >>",
        )

    def _font(self, used_face: Face, used: dict[int, str]) -> int:
        """The face with the signs used, as a composite font; returns its object."""
        cids = sorted((used_face.cid(glyph), sign, glyph) for glyph, sign in used.items())
        file = self._stream(used_face.subset(used), "/Subtype /CIDFontType0C")
        name = f"SHUXNG+{used_face.name}"
        descriptor = self._object(
            self._reserve(),
            f"<< /Type /FontDescriptor /FontName /{name} /Flags 4 /FontBBox [-1000 -300 2000 1200] /ItalicAngle 0"
            f" /Ascent 880 /Descent -120 /CapHeight 733 /StemV 80 /FontFile3 {file} 0 R >>",
        )
        widths = " ".join(f"{cid} [{used_face.shown(sign)[1]}]" for cid, sign, _glyph in cids)
        below = self._object(
            self._reserve(),
            f"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /{name} /FontDescriptor {descriptor} 0 R /DW 1000"
            f" /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> /W [{widths}] >>",
        )
        unicode = self._stream(_to_unicode([(cid, sign) for cid, sign, _glyph in cids]))
        return self._object(
            self._reserve(),
            f"<< /Type /Font /Subtype /Type0 /BaseFont /{name} /Encoding /Identity-H"
            f" /DescendantFonts [{below} 0 R] /ToUnicode {unicode} 0 R >>",
        )

    def _stream(self, data: bytes, more: str = "") -> int:
        packed = zlib.compress(data, 6)
        number = self._reserve()
        self._objects[number - 1] = self._place
        self._write(
            f"{number} 0 obj\n<< /Length {len(packed)} /Filter /FlateDecode {more} >>\nstream\n".encode()
        )
        self._write(packed)
        self._write(b"\nendstream\nendobj\n")
        return number

    def _reserve(self) -> int:
        self._objects.append(0)
        return len(self._objects)

    def _object(self, number: int, text: str) -> int:
        self._objects[number - 1] = self._place
        self._write(f"{number} 0 obj\n{text}\nendobj\n".encode("ascii"))
        return number

    def _write(self, data: bytes) -> None:
        self._out.write(data)
        self._place += len(data)


def _n(number: float) -> str:
    """A number as PDF takes it: three places of a point are a third of a micrometre."""
    return f"{number:.3f}".rstrip("0").rstrip(".") or "0"


def _string(text: str) -> str:
    return f"<feff{text.encode('utf-16-be').hex()}>"


def _to_unicode(signs: list[tuple[int, str]]) -> bytes:
    """The CMap by which a reader copies and searches text."""
    lines = [
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap",
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def",
        "/CMapName /Adobe-Identity-UCS def /CMapType 2 def",
        "1 begincodespacerange <0000> <ffff> endcodespacerange",
    ]
    for start in range(0, len(signs), 100):  # no more than 100 in one go: PDF 32000-1, 9.10.3
        part = signs[start : start + 100]
        lines.append(f"{len(part)} beginbfchar")
        lines += [f"<{cid:04x}> <{sign.encode('utf-16-be').hex()}>" for cid, sign in part]
        lines.append("endbfchar")
    lines.append("endcmap CMapName currentdict /CMap defineresource pop end end")
    return "\n".join(lines).encode("ascii")
