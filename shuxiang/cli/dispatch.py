"""Finds the command, runs it, and turns whatever happens into a sentence and an exit status."""

import argparse
import importlib
import io
import logging
import os
import pkgutil
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from typing import NoReturn, Protocol, cast

import django
from django.core.exceptions import ImproperlyConfigured
from django.db import Error as DatabaseError
from django.utils import translation
from django.utils.translation import gettext as _

import shuxiang
from shuxiang.cli import commands
from shuxiang.cli.outcome import NOT_DONE, NotDone


class Command(Protocol):
    """What each module in shuxiang/cli/commands holds."""

    NAME: str
    HELP: str

    def add_arguments(self, parser: argparse.ArgumentParser) -> None: ...

    def run(self, args: argparse.Namespace) -> int: ...


class Parser(argparse.ArgumentParser):
    """Answers a wrong command line with one sentence in the reader's language."""

    def error(self, message: str) -> NoReturn:
        sentence = _("This command line cannot be understood: %(problem)s") % {"problem": message}
        print(f"{sentence}\n{self.format_usage()}", file=sys.stderr, end="")
        sys.exit(NOT_DONE)


def run(argv: Sequence[str]) -> int:
    """Carry out one command line; the answer is its exit status: DONE, DONE_WITH_REFUSALS or NOT_DONE."""
    _speak_utf8()
    with ExitStack() as spoken:
        try:
            django.setup()
            spoken.enter_context(translation.override(_language(argv)))
            args = _parser(_commands(argv)).parse_args(argv)
            return cast(int, args.run(args))
        except (NotDone, ImproperlyConfigured) as problem:
            return _say(str(problem))
        except KeyboardInterrupt:
            return _say(_("Stopped."))
        except BrokenPipeError:
            os.dup2(
                os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno()
            )  # the reader of our output went away
            return NOT_DONE
        except Exception as problem:
            logging.getLogger(__name__).exception("command")
            return _say(_explained(problem))


def _explained(problem: Exception) -> str:
    if isinstance(problem, DatabaseError):
        return _("The database refused: %(problem)s") % {"problem": problem}
    if isinstance(problem, OSError):
        return _("The system refused: %(problem)s") % {"problem": problem}
    return _("Something unforeseen happened (%(kind)s: %(problem)s); the details are in the log file.") % {
        "kind": type(problem).__name__,
        "problem": problem,
    }


def _commands(argv: Sequence[str] = ()) -> list[Command]:
    """The command that is named, else all: what another one needs is not loaded, `start` shall start quickly."""
    names = sorted(module.name for module in pkgutil.iter_modules(commands.__path__))
    named = [name for name in names if name.rstrip("_") in argv]
    found = [importlib.import_module(f"{commands.__name__}.{name}") for name in named[:1] or names]
    return [cast(Command, module) for module in found]


def _parser(found: Sequence[Command]) -> Parser:
    parser = Parser(prog="shuxiang", description=_("Shuxiang, a library system for schools."))
    parser.add_argument("--version", action="version", version=f"shuxiang {shuxiang.__version__}")
    parser.add_argument("--lang", choices=["zh-hans", "zh-hant", "en"], help=_("language of the output"))
    subparsers = parser.add_subparsers(title=_("commands"), metavar=_("COMMAND"), required=True)
    for command in found:
        sub = subparsers.add_parser(command.NAME, help=str(command.HELP), description=str(command.HELP))
        command.add_arguments(sub)
        sub.set_defaults(run=command.run)
    return parser


def _language(argv: Sequence[str]) -> str:
    """--lang, else the terminal's language, else Simplified Chinese."""
    for i, word in enumerate(argv):
        if word == "--lang" and i + 1 < len(argv):
            return argv[i + 1]
        if word.startswith("--lang="):
            return word.removeprefix("--lang=")
    spoken = os.environ.get("LC_ALL") or os.environ.get("LANG") or ""
    if spoken.startswith(("zh_TW", "zh_HK", "zh_MO")):
        return "zh-hant"
    return "en" if spoken.startswith("en") else "zh-hans"


def _speak_utf8() -> None:
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def _say(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return NOT_DONE
