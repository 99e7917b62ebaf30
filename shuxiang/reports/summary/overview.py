"""Title, opening and 基本情况."""

from shuxiang.reports.blocks import Block, Heading, Human, Paragraph, Runs
from shuxiang.reports.facts import FactBook
from shuxiang.reports.summary.words import (
    as_written,
    bare,
    flat,
    is_positive,
    long_day,
    num,
    p,
    top,
    words_of,
)


def title(book: FactBook) -> tuple[str, ...]:
    """Two lines: whose, and of what."""
    place = "" if book.library.endswith(("图书馆", "图书室")) else "图书馆"
    return book.library, f"{words_of(book).title}{place}工作总结"


def opening(book: FactBook) -> list[Block]:
    this = words_of(book).this
    until = f"截至{long_day(book.last_day)}，" if book.is_running else ""
    pupils, teachers = book.get("circulation.loans_per_pupil"), book.get("circulation.loans_per_teacher")
    result: Runs = ()
    if is_positive(pupils):
        result = flat(until, "学生借阅图书", top(pupils), "册，生均", num(pupils), "册")
        if is_positive(teachers):
            result = flat(result, "；教师借阅", top(teachers), "册，人均", num(teachers), "册")
        result = flat(result, "。")
    return [
        Human(
            "guidance",
            "指导思想",
            f"请写{this}的指导思想和工作重心（两三句话）；不需要时删去本段。",
        ),
        p(f"{this}，学校图书馆围绕教育教学工作，管好藏书，做好服务。", result, f"现将{this}工作总结如下。"),
    ]


def basics(book: FactBook) -> list[Block]:
    return [
        Heading(1, "基本情况"),
        p(_school(book), _stock(book)),
        p(_against_standard(book), _hours(book), _cards(book)),
        Human(
            "conditions",
            "地位条件",
            "请写学校领导对图书馆工作的重视和检查、经费投入、馆舍和设备的变化。",
        ),
    ]


def _school(book: FactBook) -> Runs:
    classes, pupils = book.get("libraries.classes"), book.get("libraries.pupils")
    teachers = book.get("patrons.teachers")
    if not is_positive(pupils):
        return ()
    first: Runs = (f"{words_of(book).this}全校共有",)
    if is_positive(classes):
        first = flat(first, num(classes), "个教学班，")
    first = flat(first, "学生", num(pupils), "人")
    return flat(first, "，教师", num(teachers), "人。") if is_positive(teachers) else flat(first, "。")


def _stock(book: FactBook) -> Runs:
    titles, volumes = book.get("holdings.titles"), book.get("holdings.volumes")
    if not is_positive(volumes):
        return ("图书馆尚无登记入帐的藏书。",)
    runs: Runs = ("图书馆现有藏书", num(titles), "种、", num(volumes), "册")
    value, unknown = book.get("holdings.value"), book.get("holdings.unknown_prices")
    if is_positive(value):
        runs = flat(runs, "，总价值", num(value), "元")
        if is_positive(unknown):
            runs = flat(runs, "（另有", num(unknown), "册价格不详，未计入）")
    return flat(runs, "。")


def _against_standard(book: FactBook) -> Runs:
    held, wanted = book.get("holdings.volumes_per_pupil"), book.find("standard.volumes_per_pupil")
    gap = book.get("holdings.gap")
    if held.rounded is None:
        return ()
    runs: Runs = ("生均藏书", num(held), "册")
    if wanted is None:
        return flat(runs, "。")
    if gap.number:
        return flat(runs, f"，低于{book.standard}生均", bare(wanted), "册的要求，尚缺", num(gap), "册。")
    return flat(runs, f"，达到{book.standard}生均", bare(wanted), "册的要求。")


def _hours(book: FactBook) -> Runs:
    hours, wanted = book.get("libraries.opening_hours"), book.find("standard.opening_hours_week")
    if hours.rounded is None:
        return ()
    runs: Runs = ("图书馆每周开放", bare(hours), "小时")
    if wanted is None or wanted.number is None:
        return flat(runs, "。")
    short = wanted.number - hours.rounded
    if short > 0:
        return flat(
            runs, "，距每周不少于", bare(wanted), "小时的要求还差", as_written(hours, short), "小时。"
        )
    return flat(runs, "，达到每周不少于", bare(wanted), "小时的要求。")


def _cards(book: FactBook) -> Runs:
    rate = book.get("patrons.card_rate")
    return ("学生借书证发证率为", bare(rate), "%。") if is_positive(rate) else ()


def without_empty(blocks: list[Block]) -> list[Block]:
    """Paragraphs that had nothing to say are left out."""
    return [block for block in blocks if not (isinstance(block, Paragraph) and not block.text)]
