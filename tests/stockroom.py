"""What stands in the stock room of a school of the cast: a place, volumes to be carried, a rule and lists."""

from dataclasses import dataclass
from datetime import datetime

from shuxiang.audit import jobs
from shuxiang.common.actors import Actor
from shuxiang.holdings.choosing import Choice
from shuxiang.holdings.models import ShelvingGroup, ShelvingLocation
from shuxiang.holdings.placemodels import Carriage
from shuxiang.holdings.services import PlaceValues, Way, foresee, save_group, save_place
from shuxiang.libraries.models import Library
from shuxiang.weeding.models import ReviewList, WeedingList, WeedingRule
from shuxiang.weeding.rules import Criteria
from shuxiang.weeding.services.reviewing import bring
from shuxiang.weeding.services.weighing import begin_list, save_rule


@dataclass(frozen=True)
class StockRoom:
    """Every name in it begins with the school's word."""

    group: ShelvingGroup
    place: ShelvingLocation
    carriage: Carriage
    rule: WeedingRule
    weeding_list: WeedingList
    review: ReviewList


def stock_room(library: Library, word: str, *, by: Actor, at: datetime) -> StockRoom:
    """All of it, nothing carried, nothing struck off."""
    group = save_group(None, code="room", name=f"{word}阅览室书号", library=library, by=by, at=at)
    values = PlaceValues("new", f"{word}书架", group, bays=1, shelves_per_bay=2, volumes_per_shelf=30)
    place = save_place(None, values, library=library, by=by, at=at)
    review = bring(
        f"书名,作者\n{word}的故事,{word}\n".encode(),
        file_name=f"{word}.csv",
        name="",
        document=f"{word}〔2026〕1号",
        library=library,
        by=by,
        at=at,
    )
    jobs.run_pending()
    review.refresh_from_db()
    return StockRoom(
        group=group,
        place=place,
        carriage=foresee(library, Choice(clc="I"), Way(place, is_home=False), by=by, at=at),
        rule=save_rule(None, Criteria(f"{word}旧书", age_years=20), library=library, by=by, at=at),
        weeding_list=begin_list(library, reason="worn", by=by, at=at),
        review=review,
    )
