"""Small pieces of WordprocessingML that python-docx has no words for."""

from collections.abc import Mapping

from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from lxml import etree


def element(
    name: str, attributes: Mapping[str, object] | None = None, *children: etree._Element
) -> etree._Element:
    """<w:name w:attribute="…">children</w:name>; attributes are given without their prefix."""
    made = OxmlElement(f"w:{name}")
    for key, value in (attributes or {}).items():
        made.set(qn(f"w:{key}"), str(value))
    made.extend(children)
    return made


def text_run(text: str, *properties: etree._Element) -> etree._Element:
    words = element("t")
    words.text = text
    words.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    inner = (element("rPr", None, *properties),) if properties else ()
    return element("r", None, *inner, words)


def field_runs(code: str, *properties: etree._Element) -> list[etree._Element]:
    """A field such as PAGE, as Word computes it."""
    instruction = element("instrText")
    instruction.text = f" {code} "
    pieces = (
        element("fldChar", {"fldCharType": "begin"}),
        instruction,
        element("fldChar", {"fldCharType": "end"}),
    )
    return [
        element(
            "r", None, element("rPr", None, *(etree.fromstring(etree.tostring(p)) for p in properties)), piece
        )
        for piece in pieces
    ]


def link_within(anchor: str, text: str) -> etree._Element:
    """Words that lead to a bookmark; they look like the words around them, because the paper is printed."""
    return element("hyperlink", {"anchor": anchor, "history": 1}, text_run(text))


def bookmark(name: str, number: int, *inside: etree._Element) -> list[etree._Element]:
    return [
        element("bookmarkStart", {"id": number, "name": name}),
        *inside,
        element("bookmarkEnd", {"id": number}),
    ]


def control(tag: str, title: str, *inside: etree._Element, is_empty: bool = False) -> etree._Element:
    """A content control round whole paragraphs; an empty one shows its prompt, which typing replaces."""
    properties = [element("alias", {"val": title}), element("tag", {"val": tag})]
    if is_empty:
        properties.append(element("showingPlcHdr"))
    return element("sdt", None, element("sdtPr", None, *properties), element("sdtContent", None, *inside))
