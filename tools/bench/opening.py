"""The turn of a school year for 1,500 pupils, and its undo: of our own computing, and by the clock."""

import time
from collections.abc import Iterator
from datetime import UTC, date, datetime

from shuxiang.common.actors import Actor
from shuxiang.enrolment import services
from shuxiang.enrolment.planning import work_out
from shuxiang.enrolment.services import running, undoing
from shuxiang.libraries.models import Library
from shuxiang.libraries.services import create_library, find_or_open
from shuxiang.patrons.services import NewPatron, add_patrons, default_categories
from tools.bench.lines import Line, plain

BY = Actor("bench", "system")
START = datetime(2026, 9, 1, tzinfo=UTC)
AT = datetime(2027, 8, 25, tzinfo=UTC)
A_GRADE, PARALLEL, GRADES = 250, 5, "一二三四五六"


def lay(code: str) -> Library:
    """A primary school with six grades of five classes of fifty pupils."""
    library = create_library(code=code, name="测速小学", kind="primary", by=BY, at=START)
    pupil = default_categories(library)["pupil"]
    for grade, sign in enumerate(GRADES):
        for parallel in range(PARALLEL):
            label = f"{sign}（{parallel + 1}）班"
            each = find_or_open(library=library, label=label, school_year="2026-2027", by=BY, at=START)
            many = A_GRADE // PARALLEL
            first = (grade * PARALLEL + parallel) * many
            wanted = [
                NewPatron(
                    name=f"学生{first + n:04d}", category=pupil, card_number=f"26{first + n:05d}", on=date(2026, 9, 1),
                    school_class=each, class_number=n + 1,
                )
                for n in range(many)
            ]  # fmt: skip
            add_patrons(wanted, library=library, by=BY, at=START)
    return library


def turn() -> Iterator[Line]:
    """A grade leaves, a grade comes by a list, a class is merged and one is split; then all of it is taken back."""
    library = lay("turn")
    opening = services.begin_opening(library=library, school_year="2027-2028", by=BY, at=AT)
    rows = [f"新生{n:04d},一（{n % PARALLEL + 1}）班,{n // PARALLEL + 1}" for n in range(A_GRADE)]
    services.bring_list(opening, "\n".join(["姓名,班级,学号", *rows]).encode(), name="新生.csv", by=BY, at=AT)
    second, third, *_others = (one for one in work_out(opening).turn.classes if one.before.startswith("二"))
    services.choose_class(opening, second.key, do="merge", into=third.key, by=BY, at=AT)
    half = {one.key: "new" for one in third.pupils[:25]}
    services.choose_pupils(opening, third.key, half, new_label="三（9）班", by=BY, at=AT)
    opening.refresh_from_db()
    began = time.perf_counter()
    digest = work_out(opening).digest
    yield plain("opening.preview", time.perf_counter() - began, "s")
    began, computing = time.perf_counter(), time.process_time()
    services.start(opening, shown=digest, by=BY, at=AT)
    done = running.carry_out(opening, by=BY, at=AT, progress=lambda _done, _total: None)
    yield plain("opening.run", time.perf_counter() - began, "s")
    yield plain("opening.run.computing", time.process_time() - computing, "s")
    yield plain("opening.steps", done.steps.count(), "steps")
    began, computing = time.perf_counter(), time.process_time()
    services.take_back(opening, by=BY, at=AT)
    undone = undoing.carry_back(opening, by=BY, at=AT, progress=lambda _done, _total: None)
    yield plain("opening.undo", time.perf_counter() - began, "s")
    yield plain("opening.undo.computing", time.process_time() - computing, "s")
    if undone.totals["stays"]:
        raise RuntimeError(f"the opening was not taken back whole: {undone.totals}")
