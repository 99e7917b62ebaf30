"""Pinyin of titles and names, for finding and for sorting."""


def full(text: str) -> str:
    raise NotImplementedError


def initials(text: str) -> str:
    raise NotImplementedError


def initials_all(text: str) -> tuple[str, ...]:
    raise NotImplementedError


def full_name(name: str) -> str:
    raise NotImplementedError


def initials_name(name: str) -> str:
    raise NotImplementedError


def sort_key(text: str) -> str:
    raise NotImplementedError
