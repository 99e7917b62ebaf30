"""What may be asked of whom, in which words, in which order: tables, without a database or a network."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuxiang.sources.rules import (
    Looks,
    Question,
    cql,
    fits,
    is_public,
    number_of,
    problems_of_address,
    question,
    rank,
)


@pytest.mark.parametrize(
    ("address", "problems"),
    [
        ("http://opac.example.org/sru", []),
        ("https://opac.example.org:8443/a/b.php", []),
        ("http://192.168.1.5:8000/sru", []),
        ("http://[2001:db8::1]/sru", []),
        ("ftp://opac.example.org/sru", ["address_scheme"]),
        ("file:///etc/passwd", ["address_scheme", "address_host"]),
        ("gopher://127.0.0.1:11211/_stats", ["address_scheme"]),
        ("opac.example.org/sru", ["address_scheme", "address_host"]),
        ("http://user:secret@opac.example.org/sru", ["address_credentials"]),
        ("http://opac.example.org/sru?x=1", ["address_query"]),
        ("http://opac.example.org/sru#x", ["address_query"]),
        ("http://opac.example.org:99999/sru", ["address_unreadable"]),
        ("http://opac.example.org:0/sru", ["address_unreadable"]),
        ("http://[::1/sru", ["address_unreadable"]),
        ("http://图书馆.example/sru", ["address_unreadable"]),
        ("http://opac.example.org/a b", ["address_host"]),
        ("http://opac.example.org/\r\nHost: x", ["address_host"]),
        ("", ["address_scheme", "address_host"]),
    ],
)
def test_an_address_is_judged(address: str, problems: list[str]) -> None:
    assert problems_of_address(address) == problems


@given(st.text(max_size=60))
def test_no_text_breaks_the_judging_of_addresses(text: str) -> None:
    assert problems_of_address(f"http://{text}") is not None
    assert problems_of_address(text) is not None


@pytest.mark.parametrize(
    ("host", "public"),
    [
        ("8.8.8.8", True),
        ("2606:4700::1111", True),
        ("127.0.0.1", False),
        ("127.8.9.1", False),
        ("0.0.0.1", False),
        ("10.1.2.3", False),
        ("172.16.0.9", False),
        ("192.168.1.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("224.0.0.1", False),
        ("255.255.255.255", False),
        ("::1", False),
        ("::", False),
        ("fe80::1%eth0", False),
        ("fc00::1", False),
        ("ff02::1", False),
        ("::ffff:127.0.0.1", False),
        ("::ffff:8.8.8.8", True),
        ("64:ff9b::7f00:1", False),
        ("64:ff9b::808:808", True),
        ("2002:7f00:1::", False),
    ],
)
def test_machines_of_the_own_network_are_known(host: str, public: bool) -> None:
    assert is_public(host) is public


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("978-7-5346-4018-5", "9787534640185"),
        ("7-5346-3374-2", "9787534633744"),
        ("ISBN 7534633742", "9787534633744"),
        ("10019·1979", "10019·1979"),
        ("草房子", ""),
        ("12345", ""),
        ("", ""),
    ],
)
def test_numbers_are_told_from_titles(text: str, number: str) -> None:
    assert number_of(text) == number


def test_a_term_cannot_leave_its_quotes() -> None:
    asked = question(title='x" or cql.allRecords=1 \\ *?^')
    assert cql(asked, "bath.isbn", "dc.title") == 'dc.title="x\\" or cql.allRecords=1 \\\\ \\*\\?\\^"'
    assert cql(asked, "bath.isbn", "") == ""
    assert (
        cql(question(isbn="9787534640185", title="草房子"), "bath.isbn", "dc.title")
        == 'bath.isbn="9787534640185"'
    )


def looks(title: str = "草房子", *numbers: str, described: int = 0, place: int = 0, kind: int = 0) -> Looks:
    return Looks(frozenset(numbers), title, described, (kind, 0, place))


def test_the_number_counts_most_then_the_title_then_the_description_then_the_place() -> None:
    asked = question(title="草房子")
    in_order = [
        looks(described=5),
        looks(described=2),
        looks(described=2, place=1),
        looks(described=2, kind=1),
        looks("草房子的故事", described=7),
        looks("我的草房子", described=7),
        looks("草原", described=7),
    ]
    mixed = in_order[::-1]
    assert sorted(mixed, key=lambda one: rank(asked, one)) == in_order
    both = question(isbn="9787534640185")
    assert rank(both, looks("x", "9787534640185")) < rank(both, looks("x", described=7))


@pytest.mark.parametrize(
    ("asked", "result", "does"),
    [
        (question(isbn="9787534640185"), looks("x", "9787534640185"), True),
        (question(isbn="9787534640185"), looks("x", "9787302354567"), False),
        (question(isbn="9787534640185"), looks("x"), True),
        (question(title="草房子"), looks("草原"), True),
        (question(title="草房子"), looks("养花"), False),
    ],
)
def test_what_is_about_something_else_is_left_out(asked: Question, result: Looks, does: bool) -> None:
    assert fits(asked, result) is does
