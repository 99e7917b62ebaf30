"""What is typed for Chinese: syllables, initials, characters or a mixture, by any reading; and slips of the fingers."""

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from importlib.resources import files

from shuxiang.common.pinyin import every_reading


def _known_syllables() -> frozenset[str]:
    text = files("shuxiang.common").joinpath("data/syllables.txt").read_text(encoding="utf-8")
    return frozenset(" ".join(line for line in text.splitlines() if not line.startswith("#")).split())


_SYLLABLES = _known_syllables()
_STARTS = frozenset(syllable[:n] for syllable in _SYLLABLES for n in range(1, len(syllable) + 1))
# Characters of titles and names that are often read in more than one way.
_POLYPHONES = (
    "重行长乐朝传藏曾单弹调都还和会降觉卡壳了率绿模落强石什识似宿提系血叶着大地的得露车差参称臭畜恶佛给核角校解劲贾茄屏奇塞省盛数说沈吓巷削仔粘"
    "仇查任盖区朴缪冼翟覃种秘尉葛黑卜过隗阿拗柏薄堡暴辟扁便泊剥伯场乘匙盛澄冲刹厦度囤蛤咯给骨谷龟柜桧哄虹华划浑缉几纪家夹假间见将浆嚼结禁"
    "菌卡看坑拉勒累擂肋丽俩凉量淋绫六笼陆绿抹埋脉蔓猫眯靡秘泌闵娜南难泥拧弄疟排胖炮喷片撇仆铺瀑曝妻栖期奇骑其齐契亲丘圈雀嚷"
    "色杉扇少舍射什食氏殖署属熟刷耍谁俗遂踏苔挑帖通吐拓瓦圩唯委纹无务夏鲜纤相肖兴星旋熏咽燕钥耶遗义殷饮隐应佣与予育员约晕载攒脏扎轧炸"
    "占涨爪正挣之知中轴著转幢综作琢祭蔚尺柴埔乌于余亡王女语"
)
_HAN = re.compile("[\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_RUNS = re.compile(r"[a-z]+|[^a-z]")
MOST_VARIANTS = 40
ALPHABET = "abcdefghijklmnopqrstuvwxyz"


def is_han(character: str) -> bool:
    return _HAN.match(character) is not None


@lru_cache(maxsize=8192)
def readings(character: str) -> tuple[str, ...]:
    """Every syllable that a character may be read as, ü as v; none for what is not Chinese."""
    if not is_han(character):
        return ()
    return every_reading(character)


@lru_cache(maxsize=1024)
def syllables(letters: str) -> tuple[str, ...]:
    """The letters cut into syllables, the longest first, the last perhaps only begun; () when they are none: xyj."""
    best: dict[int, tuple[str, ...]] = {len(letters): ()}
    for start in range(len(letters) - 1, -1, -1):
        rest = letters[start:]
        for length in range(min(6, len(rest)), 0, -1):
            one = rest[:length]
            is_known = one in _SYLLABLES or (length == len(rest) and one in _STARTS)
            if is_known and start + length in best:
                best[start] = (one, *best[start + length])
                break
    return best.get(0, ())


@cache
def _confused() -> dict[str, tuple[str, ...]]:
    """A syllable → others that some character of _POLYPHONES may be read as too."""
    others: dict[str, dict[str, None]] = {}
    for character in _POLYPHONES:
        ways = readings(character)
        for one in ways:
            others.setdefault(one, {}).update(dict.fromkeys(way for way in ways if way != one))
    return {one: tuple(ways) for one, ways in others.items()}


def other_readings(letters: str) -> tuple[str, ...]:
    """The pinyin that would be written if one or two characters were read otherwise: zhongqing → chongqing.

    What they find is checked by begins_as, for only some characters have both readings. At most MOST_VARIANTS.
    """
    cut = syllables(letters)
    if len(cut) < 2 or cut[-1] not in _SYLLABLES and len(cut) < 3:  # noqa: RUF021  as it is said
        return ()
    places = [(n, way) for n, one in enumerate(cut[:6]) for way in _confused().get(one, ())]
    found = ["".join((*cut[:n], way, *cut[n + 1 :])) for n, way in places]
    for n, way in places:
        for m, another in places:
            if n < m and len(found) < MOST_VARIANTS:
                found.append("".join((*cut[:n], way, *cut[n + 1 : m], another, *cut[m + 1 :])))
    return tuple(dict.fromkeys(found))[:MOST_VARIANTS]


def begins_as(title: str, typed: str) -> bool:
    """Whether a title (a key without blanks and marks) begins as typed: each character itself, one of its syllables
    or initials; what is typed last may be only begun."""
    places = {0}
    end = len(typed)
    for character in title:
        places = {after for place in places for after in _after(character, typed, place)}
        if end in places:
            return True
        if not places:
            return False
    return end in places


def _after(character: str, typed: str, place: int) -> Iterator[int]:
    """How far a character of the title may take what was typed."""
    rest = typed[place:]
    if rest.startswith(character):
        yield place + 1
    for syllable in readings(character):
        if rest.startswith(syllable):
            yield place + len(syllable)
        elif syllable.startswith(rest):
            yield len(typed)
        if rest[:1] == syllable[0]:
            yield place + 1
        if syllable[:2] in {"zh", "ch", "sh"} and rest.startswith(syllable[:2]):
            yield place + 2


def is_mixed(typed: str) -> bool:
    """Whether characters and letters stand together: 西you, xi游记."""
    return any(map(is_han, typed)) and any("a" <= letter <= "z" for letter in typed)


def spelled(typed: str, read: str) -> tuple[tuple[str, str], ...]:
    """Of a mixture, (full pinyin, initials) that a title meant by it may have; `read` is its reading as it stands.

    xi游记 → (xiyouji, xyj); 西yj has no full pinyin: ('', xyj).
    """
    whole, first, letters = "", "", ""
    is_whole = True
    for run in _RUNS.findall(typed):
        if run.isascii():
            cut = syllables(run)
            is_whole = is_whole and bool(cut)
            whole, letters = whole + run, letters + run
            first += "".join(one[0] for one in cut) if cut else run
            continue
        readable = readings(run) or (run,)
        likeliest = next((way for way in readable if read.startswith(way, len(whole))), readable[0])
        whole, first, letters = whole + likeliest, first + likeliest[0], letters + likeliest[0]
    return tuple(dict.fromkeys([(whole if is_whole else "", first), ("", letters)]))


def slips(letters: str) -> tuple[str, ...]:
    """The pinyin that was meant if one letter is wrong, missing, too many or changed places with the next; only what
    can be cut into syllables."""
    cuts = [(letters[:n], letters[n:]) for n in range(len(letters) + 1)]
    found = [a + b[1:] for a, b in cuts if b]
    found += [a + b[1] + b[0] + b[2:] for a, b in cuts if len(b) > 1]
    found += [a + one + b[1:] for a, b in cuts if b for one in ALPHABET]
    found += [a + one + b for a, b in cuts for one in ALPHABET]
    return tuple(one for one in dict.fromkeys(found) if one != letters and one and syllables(one))


def distance(one: str, other: str, most: int) -> int:
    """Edits (a sign changed, missing, too many, two neighbours swapped) from one text to another; `most` + 1 if more."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for n, sign in enumerate(one, start=1):
        before, last, row = row, before, [n, *[0] * len(other)]
        for m, mark in enumerate(other, start=1):
            row[m] = min(before[m] + 1, row[m - 1] + 1, before[m - 1] + (sign != mark))
            if n > 1 and m > 1 and sign == other[m - 2] and one[n - 2] == mark:
                row[m] = min(row[m], last[m - 2] + 1)
        if min(row) > most:
            return most + 1
    return min(row[-1], most + 1)
