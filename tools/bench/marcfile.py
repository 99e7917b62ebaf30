"""A MARC file of any length: records as vendors deliver them, two volumes each, the same bytes every time.

Titles are halves of two real titles put together, so that neither a cache of whole titles nor a match with a title
that is there already flatters or slows what is measured.
"""

from collections.abc import Iterator
from pathlib import Path

from shuxiang.catalogue.services import RecordValues
from shuxiang.common import pinyin
from shuxiang.common.isbn import isbn10_to_13
from shuxiang.demo.books import titles
from shuxiang.marc import Field, MarcRecord, Profile, Subfield, write_iso2709

CNMARC_LEADER, MARC21_LEADER = "00000nam0 2200000   450 ", "00000nam a2200000 i 4500"
CHUNK = 500
# A stride that visits every pair of titles once before any comes again: no factor in common with their number.
STRIDE = 1009


def write_marc_file(path: Path, count: int, *, profile: Profile, first: int = 0) -> int:
    """Write `count` records in UTF-8, with the numbers from `first` on; gives how many volumes they name."""
    known = titles()
    with path.open("wb") as file:
        for number in range(first, first + count):
            file.write(write_iso2709(_record(known, number, profile)))
    return 2 * count


def _record(known: list[RecordValues], number: int, profile: Profile) -> MarcRecord:
    size = len(known)
    one = known[number % size]
    other = known[(number * STRIDE + number // size) % size]
    title = one.title[: (len(one.title) + 1) // 2] + other.title[len(other.title) // 2 :]
    isbn = isbn10_to_13(f"7{number:08d}0")
    fields = _cnmarc(one, title, isbn, number) if profile == "cnmarc" else _marc21(one, title, isbn, number)
    leader = CNMARC_LEADER if profile == "cnmarc" else MARC21_LEADER
    return MarcRecord(leader, tuple(fields))


def _control(tag: str, data: str) -> Field:
    return Field(tag, "", (), data)


def _field(tag: str, indicators: str, *pairs: tuple[str, str]) -> Field:
    return Field(tag, indicators, tuple(Subfield(code, value) for code, value in pairs if value))


def _barcodes(number: int) -> tuple[str, str]:
    return f"{2 * number + 1:09d}", f"{2 * number + 2:09d}"


def _name(authors: str) -> tuple[str, str]:
    """The first person and the role behind the name: 公木著 → 公木, 著."""
    name = authors.split(",")[0].split("，")[0]
    for role in ("编著", "主编", "著", "编", "译", "绘"):
        if name.endswith(role):
            return name.removesuffix(role), role
    return name, "著"


def _summary(values: RecordValues) -> str:
    return f"本书围绕{values.title}展开，文字浅显，配有插图，适合中小学生阅读，也可供教师和家长参考。"


def _cnmarc(values: RecordValues, title: str, isbn: str, number: int) -> Iterator[Field]:
    name, role = _name(values.authors)
    extent, _, size = values.extent.partition(";")
    first, second = _barcodes(number)
    yield _control("001", f"{number:012d}")
    yield _control("005", "20240901120000.0")
    yield _field("010", "  ", ("a", isbn), ("b", "精装" if number % 9 == 0 else ""), ("d", values.price_text))
    yield _field("100", "  ", ("a", "20240901d2012    em y0chiy50      ea"))
    yield _field("101", "0 ", ("a", "chi"))
    yield _field("102", "  ", ("a", "CN"), ("b", "110000"))
    yield _field("105", "  ", ("a", "a   z   000yy"))
    yield _field("106", "  ", ("a", "r"))
    yield _field("200", "1 ", ("a", title), ("9", pinyin.full(title)), ("f", values.authors))
    yield _field("210", "  ", ("a", "北京"), ("c", values.publisher), ("d", values.published))
    yield _field("215", "  ", ("a", extent), ("c", "图"), ("d", size or "24cm"))
    if number % 3 == 0:
        yield _field("225", "2 ", ("a", "青少年阅读文库"), ("v", str(number % 40 + 1)))
    yield _field("330", "  ", ("a", _summary(values)))
    for subject in values.subjects.split(";")[:2]:
        heading, *rest = subject.split("--")
        yield _field("606", "0 ", ("a", heading.strip()), *(("x", part.strip()) for part in rest))
    yield _field("690", "  ", ("a", values.clc), ("v", "5"))
    yield _field("701", " 0", ("a", name), ("9", pinyin.full(name, name=True)), ("4", role))
    yield _field("801", " 0", ("a", "CN"), ("b", "VENDOR"), ("c", "20240901"))
    yield _field(
        "905",
        "  ",
        ("a", "XX"),
        ("b", first),
        ("b", second),
        ("c", "一楼书库"),
        ("d", values.clc),
        ("f", "2"),
    )


def _marc21(values: RecordValues, title: str, isbn: str, number: int) -> Iterator[Field]:
    name, role = _name(values.authors)
    extent, _, size = values.extent.partition(";")
    first, second = _barcodes(number)
    yield _control("001", f"{number:012d}")
    yield _control("003", "CN-XX")
    yield _control("005", "20240901120000.0")
    yield _control("008", "240901s2012    cc a   j      000 0 chi d")
    yield _field("020", "  ", ("a", isbn), ("q", "精装" if number % 9 == 0 else ""), ("c", values.price_text))
    yield _field("040", "  ", ("a", "XX"), ("b", "chi"), ("c", "XX"), ("e", "rda"))
    yield _field("084", "  ", ("a", values.clc), ("2", "clc"))
    yield _field("100", "1 ", ("a", name), ("e", role))
    yield _field("245", "10", ("a", f"{title} /"), ("c", values.authors))
    yield _field("264", " 1", ("a", "北京 :"), ("b", f"{values.publisher},"), ("c", values.published))
    yield _field("300", "  ", ("a", f"{extent} :"), ("b", "图 ;"), ("c", size or "24 cm"))
    yield _field("336", "  ", ("a", "text"), ("b", "txt"), ("2", "rdacontent"))
    if number % 3 == 0:
        yield _field("490", "1 ", ("a", "青少年阅读文库 ;"), ("v", str(number % 40 + 1)))
    yield _field("520", "  ", ("a", _summary(values)))
    for subject in values.subjects.split(";")[:2]:
        heading, *rest = subject.split("--")
        yield _field(
            "650", " 7", ("a", heading.strip()), *(("x", part.strip()) for part in rest), ("2", "cct")
        )
    yield _field("852", "8 ", ("b", "XX"), ("c", "一楼书库"), ("h", values.clc), ("p", first), ("p", second))
