"""The Chinese Library Classification (中图法): outline as data, numbers, shelf order."""

from shuxiang.catalogue.clc.numbers import Clc, parse_clc
from shuxiang.catalogue.clc.order import class_sort_key
from shuxiang.catalogue.clc.outline import (
    DIVISIONS,
    MAIN_CLASSES,
    Division,
    MainClass,
    division_of,
    name_of,
)

__all__ = [
    "DIVISIONS",
    "MAIN_CLASSES",
    "Clc",
    "Division",
    "MainClass",
    "class_sort_key",
    "division_of",
    "name_of",
    "parse_clc",
]
