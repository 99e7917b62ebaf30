"""The REST interface: its shape, its doors locked, its words, and that nothing sent to it makes it fall over."""

import json
from typing import Any
from uuid import uuid4

import pytest
from django.http import HttpResponse
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shuxiang.accounts import shipped
from shuxiang.accounts.models import Account, ApiToken, Role
from shuxiang.accounts.services import create_account, grant, issue_api_token, revoke_api_token, set_active
from shuxiang.circulation.models import Loan
from shuxiang.circulation.tests.desk import BY, ISBN, START, Desk, add_book, open_desk, set_limit

API = "/api/v1"
BARCODE_OF_NOTHING = "X999"


@pytest.fixture
def desk(db: None) -> Desk:
    shipped.install(Role)
    return open_desk()


def account(desk: Desk, role: str = "librarian", **more: Any) -> Account:
    made = create_account(username=f"{role}-{uuid4().hex[:6]}", display_name=role, by=BY, at=START)
    grant(account=made, role=role, library=desk.library, from_on=START.date(), by=BY, at=START, **more)
    return made


def key(of: Account) -> str:
    return issue_api_token(account=of, name="program", by=BY, at=START)


@pytest.fixture
def librarian(desk: Desk) -> str:
    return key(account(desk))


def post(path: str, sent: object, token: str = "", **headers: str) -> HttpResponse:
    if token:
        headers["Authorization"] = f"Bearer {token}"
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    return client.post(f"{API}{path}", json.dumps(sent), "application/json", headers=named)  # type: ignore[return-value]


def get(path: str, token: str = "", **query: str) -> HttpResponse:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return Client(raise_request_exception=False).get(f"{API}{path}", query, headers=headers)  # type: ignore[return-value]


def told(answer: HttpResponse) -> Any:
    return json.loads(answer.content)


def lend(desk: Desk, token: str, code: str = "", card: str = "0001", **more: Any) -> HttpResponse:
    headers = more.pop("headers", {})
    code = code or desk.item.identifiers.get().value
    return post("/loans", {"library": "a", "card": card, "code": code} | more, token, **headers)


# reading


def test_libraries_and_records_have_the_shape_the_design_names(desk: Desk) -> None:
    assert told(get("/libraries")) == [{"code": "a", "name": "榆树小学", "kind": "primary"}]
    found = told(get("/records", q="xyj", library="a", page="1"))
    assert (found["count"], found["is_capped"]) == (1, False)
    (record,) = found["results"]
    named = {name: record[name] for name in ("title", "isbn", "call_number", "available", "copies")}
    assert named == {"title": "西游记", "isbn": ISBN, "call_number": "I242.4/1", "available": 3, "copies": 3}


def test_without_a_question_every_record_is_listed(desk: Desk) -> None:
    assert told(get("/records", library="a"))["count"] == 1
    assert told(get("/records"))["count"] == 1


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ({"clc": "I"}, 1),
        ({"clc": "i242"}, 1),
        ({"clc": "T"}, 0),
        ({"available": "true"}, 1),
        ({"audience": "a"}, 0),
        ({"year_from": "1900", "year_to": "1901"}, 0),
        ({"location": "999999"}, 0),
        ({"sort": "most_lent"}, 1),
    ],
)
def test_records_are_filtered_and_sorted(query: dict[str, str], count: int, desk: Desk) -> None:
    for line in ("", "xyj"):
        assert told(get("/records", library="a", q=line, **query))["count"] == count


def test_facets_come_when_asked_for(desk: Desk) -> None:
    assert told(get("/records", library="a"))["facets"] == []
    facets = {
        each["name"]: each for each in told(get("/records", library="a", facets="true", clc="I"))["facets"]
    }
    assert facets["clc"]["values"] == [{"value": "I", "count": 1, "is_chosen": True, "label": ""}]
    (place,) = facets["location"]["values"]
    assert (place["count"], place["label"]) == (1, desk.item.home.name)
    assert "location" not in {each["name"] for each in told(get("/records", facets="1"))["facets"]}


def test_a_record_lists_its_copies_and_no_reader(desk: Desk) -> None:
    desk.lend()
    answer = get(f"/records/{desk.item.holding.record_id}", library="a")
    assert [copy["state"] for copy in told(answer)["items"]] == ["loan", "shelf", "shelf"]
    assert told(answer)["items"][0]["due_on"] is not None
    assert desk.pupil.name not in json.dumps(told(answer), ensure_ascii=False)


def test_openapi_names_every_route_and_needs_no_page_from_elsewhere(desk: Desk) -> None:
    paths = told(get("/openapi.json"))["paths"]
    assert sorted(paths) == [
        f"{API}/holds",
        f"{API}/holds/{{pk}}/cancel",
        f"{API}/libraries",
        f"{API}/loans",
        f"{API}/loans/{{pk}}/renew",
        f"{API}/records",
        f"{API}/records/{{pk}}",
        f"{API}/returns",
    ]
    assert get("/docs").status_code == 404


@pytest.mark.parametrize(
    ("path", "query", "status", "code"),
    [
        ("/records", {"library": "zz"}, 404, "library_unknown"),
        ("/records", {"library": "a\x00"}, 404, "library_unknown"),
        ("/records", {"page": "0"}, 422, "invalid"),
        ("/records", {"page": "x"}, 422, "invalid"),
        ("/records", {"sort": "price"}, 422, "invalid"),
        ("/records", {"year_from": "0"}, 422, "invalid"),
        ("/records/999999", {"library": "a"}, 404, "record_unknown"),
        ("/records/99999999999999999999999999", {"library": "a"}, 404, "record_unknown"),
    ],
)
def test_a_wrong_question_gets_a_code_and_a_sentence(
    path: str, query: dict[str, str], status: int, code: str, desk: Desk
) -> None:
    answer = get(path, **query)
    assert (answer.status_code, told(answer)["code"]) == (status, code)
    assert told(answer)["text"]


def test_a_library_named_shows_only_what_it_holds(desk: Desk) -> None:
    other = open_desk("b")
    theirs = add_book(other.library, "鹭鸶的故事", copies=1)[0].holding.record_id
    assert told(get("/records", q="鹭鸶", library="b"))["count"] == 1
    assert told(get("/records", q="鹭鸶", library="a"))["results"] == []
    assert [each["title"] for each in told(get("/records", library="a"))["results"]] == ["西游记"]
    assert get(f"/records/{theirs}", library="a").status_code == 404
    assert Client().get("/l/a/search", {"q": "鹭鸶"}).context["results"] == []
    assert Client().get(f"/l/a/records/{theirs}").status_code == 404


# who may


def test_lending_wants_a_key_and_no_cookie_is_one(desk: Desk) -> None:
    signed_in = Client()
    signed_in.force_login(account(desk), backend="django.contrib.auth.backends.ModelBackend")
    sent = json.dumps({"library": "a", "card": "0001", "code": ISBN})
    assert signed_in.post(f"{API}/loans", sent, "application/json").status_code == 401
    assert lend(desk, "").status_code == 401
    assert lend(desk, "sx_nonsense").status_code == 401
    assert not Loan.objects.exists()


def test_a_revoked_key_and_a_closed_account_open_nothing(desk: Desk) -> None:
    made = account(desk)
    token = key(made)
    set_active(account=made, is_active=False, by=BY, at=START)
    assert lend(desk, token).status_code == 401
    set_active(account=made, is_active=True, by=BY, at=START)
    revoke_api_token(token=ApiToken.objects.get(), by=BY, at=START)
    assert lend(desk, token).status_code == 401


@pytest.mark.parametrize("role", ["head", "inspector", "class_teacher", "cataloguing"])
def test_a_role_that_does_not_lend_is_refused(role: str, desk: Desk) -> None:
    answer = lend(desk, key(account(desk, role)))
    assert (answer.status_code, told(answer)["code"]) == (403, "not_allowed")


def test_a_key_of_one_school_does_nothing_in_another(desk: Desk, librarian: str) -> None:
    other = open_desk("b")
    loan = other.lend()
    barcode = other.items[1].identifiers.get().value
    asked = [
        post("/loans", {"library": "b", "card": "0002", "code": barcode}, librarian),
        post("/returns", {"library": "b", "code": other.item.identifiers.get().value}, librarian),
        post(f"/loans/{loan.pk}/renew", {"library": "b"}, librarian),
        get("/loans", librarian, library="b", card="0001"),
    ]
    assert [answer.status_code for answer in asked] == [403, 403, 403, 403]
    assert post(f"/loans/{loan.pk}/renew", {"library": "a"}, librarian).status_code == 404
    assert post("/loans", {"library": "a", "card": "0001", "code": barcode}, librarian).status_code == 404
    assert (
        post("/loans", {"library": "a", "patron": other.pupil.pk, "code": ISBN}, librarian).status_code == 404
    )
    loan.refresh_from_db()
    assert (loan.in_at, loan.renewals, Loan.objects.count()) == (None, 0, 1)


def test_a_helper_of_one_class_serves_that_class_only(desk: Desk) -> None:
    membership = desk.pupil.memberships.get()
    token = key(account(desk, "pupil_librarian", school_class=membership.school_class))
    assert lend(desk, token).status_code == 201
    answer = lend(desk, token, ISBN, card="T01")
    assert (answer.status_code, told(answer)["code"]) == (403, "reader_out_of_reach")


# lending


def test_a_loan_is_made_listed_renewed_and_returned(desk: Desk, librarian: str) -> None:
    made = lend(desk, librarian)
    loan = told(made)
    assert (made.status_code, loan["title"], loan["reader"]) == (201, "西游记", "林知夏")
    assert [each["id"] for each in told(get("/loans", librarian, library="a", card="0001"))] == [loan["id"]]
    renewed = post(f"/loans/{loan['id']}/renew", {"library": "a"}, librarian)
    assert (renewed.status_code, told(renewed)["reasons"][0]["code"]) == (409, "renewal_gains_nothing")
    returned = post("/returns", {"library": "a", "code": loan["barcode"]}, librarian)
    assert told(returned)["loan"]["returned_at"] is not None
    assert told(get("/loans", librarian, library="a", card="0001")) == []


def test_lending_what_the_reader_has_already_never_takes_it_back(desk: Desk, librarian: str) -> None:
    lend(desk, librarian)
    answer = lend(desk, librarian)
    assert [reason["code"] for reason in told(answer)["reasons"]] == ["already_lent_to_reader"]
    assert Loan.objects.get().in_at is None


def test_only_who_may_override_confirms(desk: Desk, librarian: str) -> None:
    set_limit(desk, 0)
    helper = key(account(desk, "pupil_librarian"))
    asked = lend(desk, helper, confirm=["loan_limit_reached"])
    assert (asked.status_code, told(asked)["code"]) == (409, "asked")
    (reason,) = told(asked)["reasons"]
    assert (reason["code"], reason["weight"]) == ("loan_limit_reached", "ask")
    assert lend(desk, librarian, confirm=["loan_limit_reached"]).status_code == 201


def test_the_same_operation_gets_the_same_answer(desk: Desk, librarian: str) -> None:
    headers = {"Idempotency_Key": str(uuid4())}
    first, again = (lend(desk, librarian, headers=headers) for _time in range(2))
    assert (first.status_code, told(first)) == (again.status_code, told(again))
    assert Loan.objects.count() == 1


def test_an_operation_id_does_not_serve_another_request(desk: Desk, librarian: str) -> None:
    operation = str(uuid4())
    lend(desk, librarian, operation=operation)
    code = desk.items[1].identifiers.get().value
    for answer in (
        lend(desk, librarian, code, operation=operation),
        lend(desk, librarian, card="0002", operation=operation),
        post("/returns", {"library": "a", "code": code, "operation": operation}, librarian),
    ):
        assert (answer.status_code, told(answer)["code"]) == (409, "operation_mismatch")
    assert Loan.objects.count() == 1


@pytest.mark.parametrize(
    ("sent", "status", "code"),
    [
        ({}, 422, "invalid"),
        ([], 422, "invalid"),
        ("x", 422, "invalid"),
        ({"library": "a", "code": ISBN}, 422, "reader_missing"),
        ({"library": "a", "code": ISBN, "card": "9999"}, 404, "reader_unknown"),
        ({"library": "a", "code": BARCODE_OF_NOTHING, "card": "0001"}, 404, "unknown_code"),
        ({"library": "a", "code": ISBN, "card": "0001", "operation": "x"}, 422, "invalid"),
        ({"library": "a", "code": ISBN, "card": "0001", "confirm": "x"}, 422, "invalid"),
        ({"library": "a", "code": ISBN, "patron": 10**30}, 404, "reader_unknown"),
    ],
)
def test_a_wrong_request_gets_a_code_and_a_sentence(
    sent: object, status: int, code: str, desk: Desk, librarian: str
) -> None:
    answer = post("/loans", sent, librarian)
    assert (answer.status_code, told(answer)["code"]) == (status, code)
    assert told(answer)["text"]


def test_a_wrong_field_is_named_as_it_was_sent(desk: Desk, librarian: str) -> None:
    sent = {"library": "a", "code": ISBN, "card": "\ud800", "confirm": [1]}
    fields = told(post("/loans", sent, librarian))["fields"]
    assert sorted(field["where"] for field in fields) == ["card", "confirm.0"]
    assert told(get("/records", page="x"))["fields"][0]["where"] == "page"


def test_an_idempotency_key_must_be_a_uuid(desk: Desk, librarian: str) -> None:
    answer = lend(desk, librarian, headers={"Idempotency_Key": "again"})
    assert (answer.status_code, told(answer)["code"]) == (422, "operation_invalid")


def test_what_is_no_json_gets_a_sentence(desk: Desk, librarian: str) -> None:
    headers = {"Authorization": f"Bearer {librarian}"}
    answer = Client(raise_request_exception=False).post(
        f"{API}/loans", b"\xff{", "application/json", headers=headers
    )
    assert answer.status_code in (400, 422)
    assert answer.json()["text"]


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
SENT = st.fixed_dictionaries(
    {"library": st.just("a") | ANYTHING, "code": ANYTHING, "card": st.just("0001") | ANYTHING},
    optional={"patron": ANYTHING, "confirm": ANYTHING, "in_room": ANYTHING, "operation": ANYTHING},
)


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sent=SENT)
def test_no_request_makes_it_fall_over(sent: dict[str, object], desk: Desk, librarian: str) -> None:
    for path in ("/loans", "/returns"):
        answer = post(path, sent, librarian)
        assert answer.status_code in (200, 201, 404, 409, 422)
        assert isinstance(told(answer), dict)


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(q=st.text(max_size=40), page=st.text(max_size=6) | st.integers().map(str), library=st.text(max_size=8))
def test_no_question_makes_it_fall_over(q: str, page: str, library: str, desk: Desk) -> None:
    for query in ({"q": q, "page": page}, {"q": q, "library": library}, {"q": q, "library": "a", "sort": q}):
        assert get("/records", **query).status_code in (200, 404, 422)


def test_a_body_beyond_the_limit_is_refused_with_a_sentence(desk: Desk, librarian: str) -> None:
    answer = lend(desk, librarian, note="长" * (3 << 20))
    assert (answer.status_code, told(answer)["code"]) == (413, "too_large")
    assert "5" in told(answer)["text"]


# waiting


def test_a_hold_is_placed_listed_and_given_up_once(desk: Desk, librarian: str) -> None:
    for item in desk.items:
        desk.lend(item, desk.teacher)
    operation = str(uuid4())
    asked = {"library": "a", "card": "0001", "code": ISBN, "operation": operation}
    first, again = post("/holds", asked, librarian), post("/holds", asked, librarian)
    assert (first.status_code, again.status_code) == (201, 201)
    hold = told(first)
    assert told(again)["id"] == hold["id"]
    assert (hold["title"], hold["state"], hold["place"], hold["kept"]) == ("西游记", "waiting", 1, None)
    assert [one["id"] for one in told(get("/holds", librarian, library="a", card="0001"))] == [hold["id"]]
    ended = post(f"/holds/{hold['id']}/cancel", {"library": "a", "reason": "不看了"}, librarian)
    assert told(ended)["state"] == "cancelled"
    assert post(f"/holds/{hold['id']}/cancel", {"library": "a"}, librarian).status_code == 409


def test_a_hold_for_what_is_in_wants_a_yes_and_an_unknown_code_is_not_found(
    desk: Desk, librarian: str
) -> None:
    asked = {"library": "a", "card": "0001", "code": ISBN}
    answer = post("/holds", asked, librarian)
    assert (answer.status_code, [one["code"] for one in told(answer)["reasons"]]) == (409, ["copy_is_in"])
    assert post("/holds", {**asked, "confirm": ["copy_is_in"]}, librarian).status_code == 201
    assert post("/holds", {**asked, "code": BARCODE_OF_NOTHING}, librarian).status_code == 404
    assert post("/holds/987654321/cancel", {"library": "a"}, librarian).status_code == 404
