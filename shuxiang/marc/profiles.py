"""Telling CNMARC (and its parent UNIMARC) from MARC 21 by what is in a record."""

from __future__ import annotations

import re

from shuxiang.marc.types import MarcRecord, Profile

_UNIMARC_100 = re.compile(r"[\d #|^-]{8}[a-ku #|^-]")
_CNMARC_TAGS = frozenset(
    {"010", "011", "101", "102", "200", "210", "215", "225", "606", "690", "701", "801", "905"}
)
_MARC21_TAGS = frozenset({"008", "020", "022", "040", "245", "260", "264", "300", "490", "650", "880"})


def detect_profile(record: MarcRecord) -> Profile | None:
    """The profile a record is in; None when nothing tells.

    200 against 245 decides, then the fixed data in 100 $a (36 characters beginning with a date), then the leader
    and which tags are more.
    """
    tags = {item.tag for item in record.fields}
    if ("245" in tags) != ("200" in tags):
        return "marc21" if "245" in tags else "cnmarc"
    score = len(tags & _CNMARC_TAGS) - len(tags & _MARC21_TAGS)
    general = record.get("100")
    if general and not general.indicators.strip() and _UNIMARC_100.match(general.get("a")):
        score += 4
    score += {"450 ": 1, "4500": 0}.get(record.leader[20:24], 0)
    if not score:
        return None
    return "cnmarc" if score > 0 else "marc21"
