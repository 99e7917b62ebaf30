"""Human parts, 存在的问题 and 今后打算: what the data suggest, for a person to correct."""

from shuxiang.reports.blocks import Block, Heading, Human, Paragraph, Runs
from shuxiang.reports.facts import FactBook
from shuxiang.reports.summary import lending, stock
from shuxiang.reports.summary.words import bare, flat, is_positive, joined, kind_of_books, num, p, words_of


def activities(_book: FactBook) -> list[Block]:
    prompt = "请写开展的读书活动：名称、时间、参加人数、获奖情况；新书介绍、读书笔记展评、读书节等。"
    return [Heading(1, "读书活动"), Human("activities", "读书活动", prompt)]


def team(_book: FactBook) -> list[Block]:
    prompt = "请写小图书管理员的选拔、培训和值日，图书管理人员的业务学习、培训课时和论文。"
    return [Heading(1, "队伍建设"), Human("team", "队伍建设", prompt)]


def problems(book: FactBook) -> list[Block]:
    found = [_lagging(book), _never(book), _overdue(book), _stock_gap(book), _divisions(book), _hours(book)]
    prompt = "请写存在的问题和原因。"
    return [Heading(1, "存在的问题"), Human("problems", "存在的问题", prompt, _numbered(found))]


def plans(book: FactBook) -> list[Block]:
    found: list[Runs] = []
    if lending.lagging(book):
        found.append(
            ("加强与班主任的联系，落实班级轮流借阅安排，定期公布各班借阅情况，帮助借阅较少的班级赶上来。",)
        )
    if is_positive(book.get("circulation.never_borrowed")):
        found.append(("为没有借过书的学生逐一推荐适合的读物，让每个学生都走进图书馆。",))
    if is_positive(book.get("circulation.overdue")):
        found.append(("按期催还到期图书，放假前收回外借图书，保证图书周转。",))
    below = [kind_of_books(d.fact.label) for d in stock.divisions(book) if not d.is_reached]
    if is_positive(book.get("holdings.gap")) or below:
        extra = f"，优先补充{'、'.join(below)}" if below else ""
        found.append((f"争取购书经费，有计划地增加藏书{extra}，改善藏书结构。",))
    prompt = f"请写{'下学期' if words_of(book).this == '本学期' else '今后'}的工作打算。"
    return [Heading(1, "今后打算"), Human("plans", "今后打算", prompt, _numbered(found))]


def _numbered(items: list[Runs]) -> tuple[Paragraph, ...]:
    given = [item for item in items if item]
    return tuple(p(f"{n}．", item) for n, item in enumerate(given, 1))


def _lagging(book: FactBook) -> Runs:
    found = lending.lagging(book)
    if not found:
        return ()
    named: list[Runs] = [flat(fact.label, "（", num(fact), "册）") for fact in found[:4]]
    more = "等班级" if len(found) > 4 else ""
    mean = book.get(lending.PER_PUPIL)
    return flat(
        "班级之间借阅不平衡。", joined(named), more, "的生均借阅明显低于全校生均", num(mean), "册的水平。"
    )  # fmt: skip


def _never(book: FactBook) -> Runs:
    never = book.get("circulation.never_borrowed")
    if not is_positive(never):
        return ()
    by_class = [
        f for f in book.parts("circulation.never_borrowed", "class") if is_positive(f) and f.key != "-"
    ]
    most = sorted(by_class, key=lambda fact: fact.number or 0, reverse=True)[:3]
    runs = flat("还有", num(never), f"名学生{words_of(book).this}没有借过书")
    if len(by_class) > 1:
        named: list[Runs] = [flat(fact.label, num(fact), "名") for fact in most]
        runs = flat(runs, "，其中", joined(named))
    return flat(runs, "。")


def _overdue(book: FactBook) -> Runs:
    late = book.get("circulation.overdue")
    if not is_positive(late):
        return ()
    when = "目前" if book.is_running else f"{words_of(book).this}末"
    return flat("有的学生不能按时还书，", when, "仍有", num(late), "册图书到期未还。")


def _stock_gap(book: FactBook) -> Runs:
    gap, wanted = book.get("holdings.gap"), book.find("standard.volumes_per_pupil")
    if not is_positive(gap) or wanted is None:
        return ()
    return flat("藏书总量不足，按生均", bare(wanted), "册的标准尚缺", num(gap), "册。")


def _divisions(book: FactBook) -> Runs:
    if not is_positive(book.get("holdings.divisions")):
        return ()
    below: list[Runs] = [
        flat(kind_of_books(d.fact.label), "只占", num(d.fact), "%")
        for d in stock.divisions(book)
        if not d.is_reached
    ]
    return flat("藏书结构不够合理，", joined(below), "，低于标准比例。") if below else ()


def _hours(book: FactBook) -> Runs:
    hours, wanted = book.get("libraries.opening_hours"), book.find("standard.opening_hours_week")
    if hours.rounded is None or wanted is None or wanted.number is None or hours.rounded >= wanted.number:
        return ()
    return flat("开放时间不足，每周", bare(hours), "小时，少于", bare(wanted), "小时的要求。")
