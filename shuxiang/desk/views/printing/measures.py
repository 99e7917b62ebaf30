"""Lengths as people write them."""

from __future__ import annotations

import re
from collections.abc import Mapping

from shuxiang.common.codes import clean_scan

_NUMBER = re.compile(r"\d{1,5}(\.\d{1,4})?")


class NotMeasured(ValueError):
    """What was written and is no number of millimetres."""

    def __init__(self, written: list[str]) -> None:
        super().__init__(", ".join(written))
        self.written = written


def millimetres(given: Mapping[str, str]) -> dict[str, float]:
    """Fields as numbers: 38.1, 38,1, full-width digits, with mm behind or without. Raises NotMeasured naming all that are
    none."""
    plain = {
        name: clean_scan(text)
        .lower()
        .removesuffix("mm")
        .removesuffix("毫米")
        .strip()
        .replace(",", ".")
        .replace("。", ".")
        for name, text in given.items()
    }
    wrong = [given[name] for name, text in plain.items() if not _NUMBER.fullmatch(text)]
    if wrong:
        raise NotMeasured(wrong)
    return {name: float(text) for name, text in plain.items()}


def written(length: float) -> str:
    """A length as a field shows it: 38.1, 70."""
    return f"{length:.3f}".rstrip("0").rstrip(".")
