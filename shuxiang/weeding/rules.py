"""Which volumes to propose, and how certainly a title is the one that a list means. Facts in, reasons out."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True, slots=True)
class Criteria:
    """What a rule asks; None asks nothing. All that is asked must hold. `reason` is one of Withdrawal.Reason."""

    name: str = ""
    never_lent_years: int | None = None
    age_years: int | None = None
    copies_over: int | None = None
    only_worn: bool = False
    clc: str = ""
    location_id: int | None = None
    reason: str = "outdated"

    @property
    def is_empty(self) -> bool:
        """Whether it would propose everything."""
        asked = (self.never_lent_years, self.age_years, self.copies_over)
        return not self.only_worn and all(one is None for one in asked)

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, given: Mapping[str, Any]) -> "Criteria":
        return cls(**given)


@dataclass(frozen=True, slots=True)
class VolumeFacts:
    """What the rules look at.

    `copy` counts from 1 among the `copies` of the same volume of the same title that the library has; `entered_on` is
    None for opening stock, which was there before the books began.
    """

    clc: str
    location_id: int
    entered_on: date | None
    last_lent_on: date | None
    pub_year: int | None
    copy: int
    copies: int
    condition: str


Why = tuple[str, dict[str, Any]]


def years_before(day: date, years: int) -> date:
    """The same day so many years earlier; 29 February becomes the 28th."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)


def proposed(facts: VolumeFacts, criteria: Criteria, today: date) -> list[Why]:
    """Why a volume is proposed, a reason for each condition; empty when one of them does not hold."""
    if not facts.clc.startswith(criteria.clc) or criteria.location_id not in (None, facts.location_id):
        return []
    answers = [
        _never_lent(facts, criteria.never_lent_years, today),
        _old(facts, criteria.age_years, today),
        _surplus(facts, criteria.copies_over),
        _worn(facts, criteria.only_worn),
    ]
    asked = [answer for answer in answers if answer is not None]
    return [] if any(not answer for answer in asked) else [why for answer in asked for why in answer]


def _never_lent(facts: VolumeFacts, years: int | None, today: date) -> list[Why] | None:
    """Not lent in so many years, and there so long: a book of last year has had no time to be lent."""
    if years is None:
        return None
    since = years_before(today, years)
    if facts.last_lent_on is not None and facts.last_lent_on >= since:
        return []
    if facts.entered_on is not None and facts.entered_on > since:
        return []
    if facts.last_lent_on is None:
        return [("never_lent", {"years": years})]
    return [("not_lent_since", {"on": facts.last_lent_on.isoformat(), "years": years})]


def _old(facts: VolumeFacts, years: int | None, today: date) -> list[Why] | None:
    """Published so long ago; of an unknown year nothing can be said, so it is not proposed for it."""
    if years is None:
        return None
    if facts.pub_year is None or today.year - facts.pub_year < years:
        return []
    return [("published", {"year": facts.pub_year, "years": today.year - facts.pub_year})]


def _surplus(facts: VolumeFacts, most: int | None) -> list[Why] | None:
    """Beyond the first so many copies: those first entered stay."""
    if most is None:
        return None
    return (
        []
        if facts.copy <= most
        else [("surplus", {"copy": facts.copy, "copies": facts.copies, "most": most})]
    )


def _worn(facts: VolumeFacts, is_asked: bool) -> list[Why] | None:
    if not is_asked:
        return None
    return [("condition", {"condition": facts.condition})] if facts.condition else []


@dataclass(frozen=True, slots=True)
class Compared:
    """How an entry of a review list and a title of the library agree."""

    same_isbn: bool
    has_title: bool  # the entry names one
    same_title: bool
    same_author: bool


def certainty(compared: Compared) -> tuple[str, str] | None:
    """How certain it is that the entry means the title, and by what; None when it does not.

    One ISBN under another title happens (numbers were given twice, or mistyped), and one title has many authors.
    """
    c = compared
    if c.same_isbn:
        return ("sure", "isbn") if c.same_title or not c.has_title else ("likely", "isbn_only")
    if not c.same_title:
        return None
    return ("likely", "title_author") if c.same_author else ("possible", "title")
