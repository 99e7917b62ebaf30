"""Views that are loaded when they are first asked for: the desk has far more of them than a start needs (decision 0046)."""

from functools import cached_property
from importlib import import_module
from typing import Any

_HOME = "shuxiang.desk.views"
# What Django asks of every view when it gathers the addresses; to answer that it has none of it needs no loading.
_ASKED_OF_ALL = frozenset({"view_class", "view_initkwargs"})


class View:
    """Stands for a view: is called as it is, and has what it has."""

    def __init__(self, module: str, name: str) -> None:
        self.__module__, self.__name__, self.__qualname__ = module, name, name

    @cached_property
    def _loaded(self) -> Any:
        return getattr(import_module(self.__module__), self.__name__)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._loaded(*args, **kwargs)

    def __getattr__(self, name: str) -> Any:
        if name in _ASKED_OF_ALL:
            raise AttributeError(name)
        return getattr(self._loaded, name)


class Views:
    """Stands for a module of views."""

    def __init__(self, module: str) -> None:
        self._module = module

    def __getattr__(self, name: str) -> View:
        return View(self._module, name)


def views(name: str) -> Views:
    """The module of that name below shuxiang.desk.views, to be loaded with its first page."""
    return Views(f"{_HOME}.{name}")
