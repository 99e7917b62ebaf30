"""What a new record begins with: the fields that a book, a periodical, an audio-visual or an electronic resource needs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from shuxiang.marc.fields import data_field
from shuxiang.marc.types import Field, MarcRecord, Profile

KINDS = ("book", "serial", "audiovisual", "electronic")

_LEADERS: Mapping[Profile, Mapping[str, str]] = {
    "cnmarc": {"book": "am0", "serial": "as0", "audiovisual": "gm0", "electronic": "lm0"},
    "marc21": {"book": "am ", "serial": "as ", "audiovisual": "gm ", "electronic": "mm "},
}
# tag, indicators, subfields; "a=chi" gives the subfield a value, "a" alone stands open
_CNMARC = {
    "book": """010 __ a d
101 0_ a=chi
102 __ a=CN b
105 __ a=y___z___000yy
106 __ a=r
200 1_ a 9 e f g h i
205 __ a
210 __ a c d
215 __ a c d e
225 2_ a v
300 __ a
330 __ a
333 __ a
606 0_ a x
610 0_ a
690 __ a v=5
701 _0 a 9 4
702 _0 a 9 4""",
    "serial": """011 __ a d
091 __ a
101 0_ a=chi
102 __ a=CN b
110 __ a=afa______0y
200 1_ a 9 e f h i
207 _0 a
210 __ a c d
215 __ a d
300 __ a
326 __ a
330 __ a
606 0_ a x
690 __ a v=5
711 02 a 4""",
    "audiovisual": """010 __ a d
016 __ a
101 0_ a=chi
102 __ a=CN b
200 1_ a 9 b e f g h i
210 __ a c d
215 __ a c d e
225 2_ a v
300 __ a
330 __ a
337 __ a
606 0_ a x
690 __ a v=5
701 _0 a 9 4""",
    "electronic": """010 __ a d
101 0_ a=chi
102 __ a=CN b
135 __ a=d____________
200 1_ a 9 b e f g
210 __ a c d
215 __ a
225 2_ a v
300 __ a
330 __ a
336 __ a
337 __ a
606 0_ a x
690 __ a v=5
701 _0 a 9 4
856 4_ u q z""",
}
_MARC21 = {
    "book": """020 __ a q c
041 0_ a=chi
084 __ a 2=clc
100 1_ a e
245 10 a b c n p
250 __ a
264 _1 a b c
300 __ a b c
490 0_ a v
500 __ a
520 __ a
650 _4 a x
653 __ a
700 1_ a e""",
    "serial": """022 __ a
041 0_ a=chi
084 __ a 2=clc
245 00 a b c n p
264 _1 a b c
300 __ a c
310 __ a
362 0_ a
500 __ a
650 _4 a x
710 2_ a e""",
    "audiovisual": """020 __ a c
041 0_ a=chi j
084 __ a 2=clc
245 00 a b c h
264 _1 a b c
300 __ a b c e
500 __ a
520 __ a
538 __ a
650 _4 a x
700 1_ a e""",
    "electronic": """020 __ a q c
041 0_ a=chi
084 __ a 2=clc
100 1_ a e
245 10 a b c
264 _1 a b c
300 __ a
500 __ a
520 __ a
538 __ a
650 _4 a x
856 40 u q z""",
}


def template(kind: str, profile: Profile, *, entered_on: date, agency: str = "") -> MarcRecord:
    """A record to be filled in; subfields that stand open have the value ''. `agency` is who catalogues."""
    lines = (_CNMARC if profile == "cnmarc" else _MARC21)[kind].splitlines()
    fields = [_field(line) for line in lines]
    fields += _general(kind, profile, entered_on, agency)
    letters = _LEADERS[profile][kind]
    leader = f"00000n{letters} 2200000   450 " if profile == "cnmarc" else f"00000n{letters}a2200000 i 4500"
    return MarcRecord(leader, tuple(sorted(fields, key=lambda item: item.tag)))


def _field(line: str) -> Field:
    tag, indicators, *codes = line.split(" ")
    pairs = [(code[0], code[2:].replace("_", " ")) for code in codes]
    return data_field(tag, indicators.replace("_", " "), pairs)


def _general(kind: str, profile: Profile, entered_on: date, agency: str) -> list[Field]:
    """The field of general data with the day of cataloguing, and who catalogued."""
    if profile == "marc21":
        shape = " " * 11 + "000 0 " if kind == "book" else " " * 17
        data = f"{entered_on:%y%m%d}{'c' if kind == 'serial' else 's'}        cc {shape}chi d"
        return [
            Field("008", "", (), data),
            data_field("040", "  ", [("a", agency), ("b", "chi"), ("c", agency)]),
        ]
    data = f"{entered_on:%Y%m%d}{'a' if kind == 'serial' else 'd'}           y0chiy50      ea"
    source = [("a", "CN"), ("b", agency), ("c", f"{entered_on:%Y%m%d}")]
    return [data_field("100", "  ", [("a", data)]), data_field("801", " 0", source)]
