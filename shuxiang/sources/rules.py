"""What may be asked of whom, in which words, and in which order results stand. Pure."""

import ipaddress
import re
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from shuxiang.common.isbn import parse_isbn
from shuxiang.common.text import title_key

MOST_RECORDS = 10  # asked of each target, and shown of each pack
LONGEST_TITLE = 120
MIN_SECONDS, MAX_SECONDS = 1, 30
_INDEX = re.compile(r"[A-Za-z][\w.-]{0,38}")
_SCHEMA = re.compile(r"[\w.:/#-]{0,100}")


@dataclass(frozen=True, slots=True)
class Question:
    """What is looked for: a number (13 digits, or an old 统一书号 as it is), a folded title, or both."""

    number: str
    title: str
    title_key: str

    def __bool__(self) -> bool:
        return bool(self.number or self.title_key)


def question(isbn: str = "", title: str = "") -> Question:
    """A question from what somebody scanned or typed; false when nothing can be looked for in it."""
    plain = " ".join(title.split())[:LONGEST_TITLE]
    return Question(number_of(isbn), plain, title_key(plain))


def number_of(text: str) -> str:
    """The number that a record is found by: 13 digits of an ISBN, a 统一书号 as it is, or ''."""
    read = parse_isbn(text)
    if read.isbn13:
        return read.isbn13
    return read.local_number[:40] if read.kind == "unified" else ""


def problems_of_address(address: str) -> list[str]:
    """Why an address cannot be that of a target: scheme, host, credentials, question, port; empty when it can."""
    if not address.isascii():
        return ["address_unreadable"]
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return ["address_unreadable"]
    problems = []
    if parts.scheme not in ("http", "https"):
        problems.append("address_scheme")
    if not parts.hostname or not re.fullmatch(r"[\w.:-]+", parts.hostname) or _has_odd_signs(address):
        problems.append("address_host")
    if parts.username is not None or parts.password is not None:
        problems.append("address_credentials")
    if parts.query or parts.fragment:
        problems.append("address_query")
    if port == 0:
        problems.append("address_unreadable")
    return problems


def _has_odd_signs(address: str) -> bool:
    return any(sign.isspace() or ord(sign) < 32 or sign in '\\"<>' for sign in address)


def is_index(name: str) -> bool:
    """Whether a server may call an index so: bath.isbn, dc.title, rec.identifier."""
    return _INDEX.fullmatch(name) is not None


def is_schema(name: str) -> bool:
    """Whether a server may call a form of records so: marcxml, info:srw/schema/1/marcxml-v1.1; empty is its own choice."""
    return _SCHEMA.fullmatch(name) is not None


def is_public(host: str) -> bool:
    """Whether an IP address is one of the open Internet: not of this machine, this network or a reserved range."""
    found: ipaddress.IPv4Address | ipaddress.IPv6Address = ipaddress.ip_address(host.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour or (found.teredo[1] if found.teredo else None)
        if inner is not None:
            found = inner
        elif found in ipaddress.ip_network("64:ff9b::/96"):  # an IPv4 address behind a translator
            found = ipaddress.IPv4Address(int(found) & 0xFFFF_FFFF)
    return found.is_global and not found.is_multicast


def cql(asked: Question, isbn_index: str, title_index: str) -> str:
    """The question in CQL: by number where there is one, else by title; '' where the target can be asked neither."""
    if asked.number and isbn_index:
        return f"{isbn_index}={_quoted(asked.number)}"
    if asked.title_key and title_index:
        return f"{title_index}={_quoted(asked.title)}"
    return ""


def _quoted(term: str) -> str:
    return '"' + re.sub(r'(["\\*?^])', r"\\\1", term) + '"'


def sru_address(address: str, version: str, schema: str, query: str) -> str:
    """The address that asks a target for its first records."""
    asked = {
        "version": version,
        "operation": "searchRetrieve",
        "query": query,
        "startRecord": "1",
        "maximumRecords": str(MOST_RECORDS),
    }
    if schema:
        asked["recordSchema"] = schema
    return f"{address}?{urlencode(asked)}"


@dataclass(frozen=True, slots=True)
class Looks:
    """What ranking looks at in a result: its numbers and title, how much it describes, and where it came from."""

    numbers: frozenset[str]
    title_key: str
    described: int  # how many of class, author, publisher, year, price, subject, summary it has
    place: tuple[int, int, int]  # packs before targets, then the order of the list, then of the source itself


def rank(asked: Question, looks: Looks) -> tuple[int, int, tuple[int, int, int]]:
    """A key that sorts the best first: the number asked for, then the closer title, then the fuller description."""
    closeness = 0
    if asked.number and asked.number in looks.numbers:
        closeness = 4
    elif asked.title_key and looks.title_key == asked.title_key:
        closeness = 3
    elif asked.title_key and looks.title_key.startswith(asked.title_key):
        closeness = 2
    elif asked.title_key and asked.title_key in looks.title_key:
        closeness = 1
    return (-closeness, -looks.described, looks.place)


def fits(asked: Question, looks: Looks) -> bool:
    """Whether a result is about what was asked: servers are known to answer any question with something."""
    if asked.number:
        return asked.number in looks.numbers or not looks.numbers
    return bool(set(asked.title_key) & set(looks.title_key))
