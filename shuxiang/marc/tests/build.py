"""Records made by the tests: an invented Chinese school's cataloguing in GBK, right and wrong."""

from __future__ import annotations

from shuxiang.marc import Field, MarcRecord
from shuxiang.marc.fields import data_field

LEADER = "00000nam0 2200000   450 "


def cnmarc_record(*extra: Field, title: str = "雨中的邮递员", price: str = "￥66.00（全三册）") -> MarcRecord:
    """A plain CNMARC record as a school's supplier delivers it."""
    fields = (
        Field("001", "", (), "012026000001"),
        data_field("010", "  ", [("a", "7-113-05198-7"), ("d", price)]),
        data_field("100", "  ", [("a", "20260301d2025    bc y0chiy0110    ea")]),
        data_field("101", "0 ", [("a", "chi")]),
        data_field(
            "200",
            "1 ",
            [("a", title), ("9", "yu zhong de you di yuan"), ("f", "林一苇著"), ("g", "沈青禾绘")],
        ),
        data_field("210", "  ", [("a", "北京"), ("c", "某某少年儿童出版社"), ("d", "2025.03")]),
        data_field("215", "  ", [("a", "128页"), ("d", "21cm")]),
        data_field("690", "  ", [("a", ""), ("v", "5")]),
        data_field("701", " 0", [("a", "林一苇"), ("9", "lin yi wei"), ("4", "着")]),
    )
    return MarcRecord(LEADER, tuple(sorted((*fields, *extra), key=lambda item: item.tag)))


def iso2709(record: MarcRecord, encoding: str, *, count_characters: bool = False, shift: int = 0) -> bytes:
    """ISO 2709 as writers with a fault make it: lengths in characters, or starts off by `shift`."""
    directory, body, start = "", "", 0
    for item in record.fields:
        text = item.data if item.data is not None else item.indicators
        text = text + "".join(f"\x1f{each.code}{each.value}" for each in item.subfields) + "\x1e"
        length = len(text) if count_characters else len(text.encode(encoding))
        directory += f"{item.tag}{length:04d}{start + (shift if item.tag > '100' else 0):05d}"
        body += text
        start += length
    base = 24 + len(directory) + 1
    head = f"{base + start + 1:05d}nam0 22{base:05d}   450 "
    return (head + directory + "\x1e" + body + "\x1d").encode(encoding)
