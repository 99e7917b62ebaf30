"""What people wrote into the human parts of a Word file."""

import io
import zipfile
import zlib

from docx import Document
from docx.opc.exceptions import OpcError
from docx.oxml.ns import qn
from lxml import etree

from shuxiang.reports.docx.tags import read_human_tag
from shuxiang.reports.rules import Control

MOST_BYTES = 200_000_000  # unpacked; a summary with photographs is a tenth of it
DAMAGED = (
    *(OpcError, zipfile.BadZipFile, etree.XMLSyntaxError, zlib.error),
    *(KeyError, ValueError, RuntimeError, EOFError, OSError),
)
MARK = ("［", "］")  # round the line that says where a suggestion comes from


class NotWord(Exception):
    """The bytes are no Word file, or a damaged one."""


class Foreign(Exception):
    """A Word file, but not this paper."""


def read_controls(content: bytes, *, mark: str) -> list[Control]:
    """The human parts of a paper that bears `mark`. Raises NotWord, Foreign."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > MOST_BYTES:
                raise NotWord
        body = Document(io.BytesIO(content)).element.body
    except (
        OpcError,
        zipfile.BadZipFile,
        etree.XMLSyntaxError,
        zlib.error,
        KeyError,
        ValueError,
        RuntimeError,
        EOFError,
        OSError,
    ):
        raise NotWord from None
    tagged = [(sdt, _tag(sdt)) for sdt in body.iter(qn("w:sdt"))]
    if mark not in {tag for _sdt, tag in tagged}:
        raise Foreign
    found = []
    for sdt, tag in tagged:
        if known := read_human_tag(tag):
            found.append(Control(known[0], _text(sdt), known[1]))
    return found


def _tag(sdt: etree._Element) -> str:
    tag = sdt.find(f"{qn('w:sdtPr')}/{qn('w:tag')}")
    return "" if tag is None else str(tag.get(qn("w:val"), ""))


def _text(sdt: etree._Element) -> str:
    """The words of a control line by line, without the line that marks a suggestion."""
    lines = ["".join(_pieces(paragraph)) for paragraph in sdt.iter(qn("w:p"))]
    return "\n".join(line for line in lines if not (line.startswith(MARK[0]) and line.endswith(MARK[1])))


def _pieces(paragraph: etree._Element) -> list[str]:
    breaks = {qn("w:br"): "\n", qn("w:tab"): "\t"}
    found = []
    for node in paragraph.iter(qn("w:t"), *breaks):
        if node.tag == qn("w:t"):
            found.append(node.text or "")
        elif node.getparent().tag == qn("w:r"):
            found.append(breaks[node.tag])
    return found
