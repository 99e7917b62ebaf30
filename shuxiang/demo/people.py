"""Invented names: family and given name drawn at random, so that nobody real is meant; the same seed, the same school."""

import random
from collections.abc import Iterator

FAMILY = (
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏窦章云苏潘葛范彭郎鲁韦马苗凤花方俞任袁柳"
    "鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于时傅皮卞齐康伍余元卜顾孟平黄和穆萧尹"
)
GIVEN_FIRST = "一子思雨欣梓浩宇泽晨语若诗书知亦安景云清沐承乐嘉瑞佳可心锦逸星月明君远新以文修念初"
GIVEN_SECOND = "诺涵轩怡然彤妍琪博航睿宁悦桐萱阳溪禾言舟遥川朗霖笙夏秋冬棠榆槿檀鸣野谦衡岚汐"
RARE = ("阿依努尔·买买提", "欧阳雨桐", "扎西朗嘉")  # long names and names with a dot are part of real schools


def names(rng: random.Random) -> Iterator[str]:
    """Names without end, no two alike."""
    given: set[str] = set()
    yield from RARE
    while True:
        second = rng.choice(GIVEN_SECOND) if rng.random() < 0.85 else ""
        name = rng.choice(FAMILY) + rng.choice(GIVEN_FIRST) + second
        if name not in given:
            given.add(name)
            yield name
