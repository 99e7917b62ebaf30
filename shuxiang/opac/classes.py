"""The 22 classes in the language of the page: their captions, and a short name for a spine."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shuxiang.catalogue import clc

_NAMES = {
    "A": (
        _("Marxism, Leninism, Mao Zedong Thought, Deng Xiaoping Theory"),
        pgettext_lazy("spine", "Marxism"),
    ),
    "B": (_("Philosophy, religions"), pgettext_lazy("spine", "Philosophy")),
    "C": (_("Social sciences in general"), pgettext_lazy("spine", "Society")),
    "D": (_("Politics, law"), pgettext_lazy("spine", "Politics")),
    "E": (_("Military science"), pgettext_lazy("spine", "Military")),
    "F": (_("Economics"), pgettext_lazy("spine", "Economics")),
    "G": (_("Culture, science, education, sports"), pgettext_lazy("spine", "Culture")),
    "H": (_("Languages"), pgettext_lazy("spine", "Language")),
    "I": (_("Literature"), pgettext_lazy("spine", "Literature")),
    "J": (_("Arts"), pgettext_lazy("spine", "Arts")),
    "K": (_("History, geography"), pgettext_lazy("spine", "History")),
    "N": (_("Natural sciences in general"), pgettext_lazy("spine", "Science")),
    "O": (_("Mathematics, physics, chemistry"), pgettext_lazy("spine", "Mathematics")),
    "P": (_("Astronomy, earth sciences"), pgettext_lazy("spine", "Earth, sky")),
    "Q": (_("Life sciences"), pgettext_lazy("spine", "Life")),
    "R": (_("Medicine, health"), pgettext_lazy("spine", "Medicine")),
    "S": (_("Agriculture"), pgettext_lazy("spine", "Agriculture")),
    "T": (_("Technology, industry"), pgettext_lazy("spine", "Technology")),
    "U": (_("Transport"), pgettext_lazy("spine", "Transport")),
    "V": (_("Aviation, space"), pgettext_lazy("spine", "Space")),
    "X": (_("Environment, safety"), pgettext_lazy("spine", "Environment")),
    "Z": (_("General works"), pgettext_lazy("spine", "General")),
}
LETTERS = tuple(main.letter for main in clc.MAIN_CLASSES)


def name(letter: str) -> str:
    """The caption of a main class; "Not classed" for anything else."""
    return str(_NAMES[letter][0]) if letter in _NAMES else str(_("Not yet classed"))


def short_name(letter: str) -> str:
    return str(_NAMES[letter][1])


def path(number: str) -> list[tuple[str, str]]:
    """(class number, caption) from the main class down to the class, each caption once; the main class in the page's
    language, the others as the classification writes them."""
    steps: list[tuple[str, str]] = []
    for length in range(1, len(number) + 1):
        code = number[:length]
        caption = name(code) if length == 1 and code in _NAMES else clc.name_of(code)
        if caption and caption not in (said for _code, said in steps) and clc.name_of(code[:-1]) != caption:
            steps.append((code, caption))
    return steps
