"""Looking up in other catalogues: real questions over HTTP on the loopback, to servers that are not always kind."""

import time
from contextlib import ExitStack
from typing import Any

import pytest

from shuxiang.common.decisions import Refused
from shuxiang.sources import selectors
from shuxiang.sources.models import Answer, Target
from shuxiang.sources.services import LookedUp, TargetValues, look_up, save_target
from shuxiang.sources.tests.conftest import AT, BY, cnmarc
from shuxiang.sources.tests.server import (
    DIAGNOSTIC,
    Body,
    dripping,
    endless,
    response,
    serving,
    slow,
    xml,
)

pytestmark = pytest.mark.django_db
HOUSE = cnmarc("草房子", "978-7-5346-4018-5", "I287.45")
ISBN = "9787534640185"
BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    b"<searchRetrieveResponse><numberOfRecords>1</numberOfRecords><x>&b;</x></searchRetrieveResponse>"
)


def target(name: str, address: str, **more: Any) -> Target:
    values: dict[str, Any] = {"timeout_seconds": 1, "allows_private": True, **more}
    return save_target(
        TargetValues(name=name, address=address, **values),
        is_owner=True,
        by=BY,
        at=AT,
    )


def looked_up(said: dict[str, Body], **asked: Any) -> LookedUp:
    with ExitStack() as stack:
        for name, say in said.items():
            target(name, stack.enter_context(serving(say)).address)
        return look_up(at=AT, **asked)


def test_a_record_comes_whole_with_the_name_of_its_source() -> None:
    result = looked_up({"市图": xml(response([HOUSE]))}, isbn=ISBN)
    (found,) = result
    assert (found.source, found.kind, found.profile) == ("市图", "target", "cnmarc")
    assert found.record.fields == HOUSE.fields
    assert found.projection.title == "草房子"
    assert [(told.name, told.outcome, told.found) for told in result.told] == [("市图", "ok", 1)]


def test_what_was_found_can_be_fetched_again_by_its_reference() -> None:
    (found,) = looked_up({"市图": xml(response([HOUSE]))}, isbn=ISBN)
    again = selectors.fetch(found.reference)
    assert again is not None
    assert (again.source, again.raw, again.record.fields) == ("市图", found.raw, HOUSE.fields)


@pytest.mark.parametrize(
    "reference", ["", "answer:0", "answer:x", "pack:9", "pack:²", "other:1", "answer:" + "9" * 40]
)
def test_a_reference_to_nothing_gives_nothing(reference: str) -> None:
    assert selectors.fetch(reference) is None


def test_records_written_as_text_are_read_too() -> None:
    assert [
        one.projection.title for one in looked_up({"a": xml(response([HOUSE], packing="string"))}, isbn=ISBN)
    ] == ["草房子"]


def test_the_question_is_asked_in_the_words_of_the_target() -> None:
    with serving(xml(response([]))) as server:
        target("a", server.address, isbn_index="rec.isbn", record_schema="cnmarc", version="1.2")
        look_up(isbn="7-5346-4018-8", at=AT)
        look_up(title='他说 "再见"*', at=AT)
    assert [one["query"] for one in server.asked] == [
        'rec.isbn="9787534640186"',
        'dc.title="他说 \\"再见\\"\\*"',
    ]
    assert server.asked[0] == {
        "version": "1.2",
        "operation": "searchRetrieve",
        "query": 'rec.isbn="9787534640186"',
        "startRecord": "1",
        "maximumRecords": "10",
        "recordSchema": "cnmarc",
    }


FAULTS: dict[str, tuple[Body, str]] = {
    "no XML": (xml(b"hello"), "not_xml"),
    "nothing": (xml(b""), "not_sru"),
    "another page": (xml(b"<html><body>Sign in</body></html>"), "not_sru"),
    "entities": (xml(BOMB), "doctype"),
    "an error": (xml(b"oops", status=500), "http_status"),
    "elsewhere": (xml(b"", status=302), "redirected"),
    "without end": (endless, "too_large"),
    "a complaint": (xml(response([], diagnostics=DIAGNOSTIC)), "diagnostic"),
    "too late": (slow(3), "timeout"),
    "drop by drop": (dripping(5), "timeout"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_target_that_fails_stops_no_other(fault: str) -> None:
    say, outcome = FAULTS[fault]
    begun = time.monotonic()
    result = looked_up({"坏": say, "好": xml(response([HOUSE]))}, isbn=ISBN)
    assert [(told.name, told.outcome) for told in result.told] == [("坏", outcome), ("好", "ok")]
    assert [found.source for found in result] == ["好"]
    assert time.monotonic() - begun < 4
    assert list(Target.objects.values_list("name", "outcome")) == [("坏", outcome), ("好", "ok")]


def test_a_target_that_is_not_there_is_said_to_be_unreachable() -> None:
    with serving(xml(b"")) as server:
        target("关机", server.address)
    assert [told.outcome for told in look_up(isbn=ISBN, at=AT).told] == ["unreachable"]


def test_several_targets_are_asked_at_the_same_time() -> None:
    begun = time.monotonic()
    result = looked_up({f"t{n}": slow(0.6) for n in range(6)}, isbn=ISBN)
    assert {told.outcome for told in result.told} == {"nothing"}
    assert time.monotonic() - begun < 6 * 0.6 / 2


def test_the_own_network_is_asked_by_the_owners_word_only() -> None:
    with serving(xml(response([HOUSE]))) as server:
        values = TargetValues(name="内网", address=server.address, allows_private=True)
        with pytest.raises(Refused) as refusal:
            save_target(values, is_owner=False, by=BY, at=AT)
        assert refusal.value.codes == ("private_needs_owner",)
        target("公网", server.address, allows_private=False)
        assert [told.outcome for told in look_up(isbn=ISBN, at=AT).told] == ["private_address"]
    assert server.asked == []


def test_results_stand_in_the_order_of_how_well_they_fit() -> None:
    records = [cnmarc("草房子的故事"), cnmarc("我的草房子"), cnmarc("草房子", clc="I287.45"), cnmarc("养花")]
    result = looked_up({"a": xml(response(records))}, title="草房子")
    assert [found.projection.title for found in result] == ["草房子", "草房子的故事", "我的草房子"]


def test_what_a_target_sends_beside_the_question_counts_as_nothing() -> None:
    other = cnmarc("别的书", "978-7-302-35456-7")
    (told,) = looked_up({"a": xml(response([other]))}, isbn=ISBN).told
    assert (told.outcome, told.found) == ("nothing", 0)


def test_one_address_is_not_asked_twice() -> None:
    target("a", "http://example.org/sru")
    with pytest.raises(Refused) as refusal:
        target("b", " http://example.org/sru ")
    assert refusal.value.codes == ("address_there",)
    target("c", "http://example.org/sru", record_schema="marc21")


def test_other_numbers_than_the_one_asked_for_are_left_out() -> None:
    other = cnmarc("别的书", "978-7-302-35456-7")
    assert [
        found.projection.title for found in looked_up({"a": xml(response([other, HOUSE]))}, isbn=ISBN)
    ] == ["草房子"]


def test_the_same_answer_is_kept_once() -> None:
    with serving(xml(response([HOUSE]))) as server:
        target("a", server.address)
        for _ in range(2):
            look_up(isbn=ISBN, at=AT)
    assert Answer.objects.count() == 1


def test_nothing_is_asked_without_a_number_or_a_title() -> None:
    with serving(xml(response([HOUSE]))) as server:
        target("a", server.address)
        assert look_up(isbn="abc", title=" ？ ", at=AT) == LookedUp((), ())
    assert server.asked == []
