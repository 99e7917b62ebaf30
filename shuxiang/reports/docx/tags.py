"""Tags of content controls: how a paper and its human parts are known again. At most 64 signs each."""

import hashlib
import re

_HUMAN = re.compile(r"shuxiang:human:([\w-]+):([0-9a-f]{12})")


def mark_of(library_code: str, report: str, period: str) -> str:
    """The tag on the title: which report of which library and period this file is."""
    digest = hashlib.sha256(f"{library_code} {report} {period}".encode()).hexdigest()[:16]
    return f"shuxiang:report:{digest}"


def human_tag(key: str, printed: str) -> str:
    """The tag of a human part; `printed` is the fingerprint of the words put there."""
    return f"shuxiang:human:{key}:{printed}"


def read_human_tag(tag: str) -> tuple[str, str] | None:
    found = _HUMAN.fullmatch(tag)
    return (found.group(1), found.group(2)) if found else None
