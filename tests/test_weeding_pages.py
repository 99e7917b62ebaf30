"""The pages of weeding and of the review of titles, as a librarian uses them."""

import io
import zipfile
from urllib.parse import urlencode

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from shuxiang.audit import jobs, reconcile
from shuxiang.common import clock
from shuxiang.holdings.models import AccessionBatch, Item, Withdrawal
from shuxiang.imports.tables import open_table
from shuxiang.weeding.models import Condition, Keep, ReviewList, WeedingList, WeedingRule
from tests.doors import add_book
from tests.school import Cast, cast

BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture(name="cast")
def _cast(db: None) -> Cast:
    found = cast()
    add_book(found.a.library, "榆树旧书", copies=3, barcode="AB", pub_year=1999)
    AccessionBatch.objects.update(source="opening")
    return found


@pytest.fixture
def client(cast: Cast) -> Client:
    somebody = Client()
    somebody.force_login(cast.accounts["librarian"], backend=BACKEND)
    return somebody


def page(client: Client, name: str, *args: object, **query: str) -> str:
    answer = client.get(reverse(f"desk:{name}", args=args), query)
    assert answer.status_code == 200
    return answer.content.decode()


def act(client: Client, route: str, /, *args: object, **sent: object) -> str:
    answer = client.post(reverse(f"desk:{route}", args=args), sent, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def proposed(client: Client, cast: Cast) -> WeedingList:
    rule = WeedingRule.objects.get(library=cast.a.library)
    act(client, "weeding_propose", pick=[rule.pk])
    jobs.run_pending()
    return WeedingList.objects.filter(library=cast.a.library).latest("number")


def signed(client: Client, found: WeedingList) -> str:
    today = clock.local_date(clock.now()).isoformat()
    return act(
        client,
        "weeding_approve",
        found.pk,
        approved_by="王校长",
        approved_on=today,
        document="纪要 8 号",
        reason="outdated",
        disposition="scrap",
    )


def test_from_rules_to_the_books_and_back(client: Client, cast: Cast) -> None:
    found = proposed(client, cast)
    shown = page(client, "weeding_list", found.pk)
    assert shown.count("榆树旧书") >= 3
    keep, out, _third = found.lines.order_by("pk")
    assert "校史" not in page(client, "weeding_kept")
    act(
        client,
        "weeding_weigh",
        found.pk,
        act="keep",
        pick=[keep.pk],
        reason="校史",
        until_on="2099-01-01",
        tab="in",
    )
    act(client, "weeding_weigh", found.pk, act="out", pick=[out.pk], tab="in")
    assert "校史" in page(client, "weeding_list", found.pk, state="kept")
    assert "校史" in page(client, "weeding_kept")
    signed(client, found)
    page(client, "weeding_list", found.pk)
    client.post(reverse("desk:weeding_strike", args=[found.pk]))
    page(client, "weeding_list", found.pk)
    page(client, "weeding_progress", found.pk)
    jobs.run_pending()
    found.refresh_from_db()
    assert found.state == "struck"
    assert Withdrawal.objects.get().volumes == 1
    page(client, "weeding_list", found.pk)
    client.post(reverse("desk:weeding_take_back", args=[found.pk]))
    jobs.run_pending()
    assert sorted(Withdrawal.objects.values_list("volumes", flat=True)) == [-1, 1]
    page(client, "weeding_list", found.pk)
    page(client, "weeding")
    assert reconcile.run("a").differences == ()


def test_a_refusal_keeps_the_ticks_the_words_and_the_place(client: Client, cast: Cast) -> None:
    found = proposed(client, cast)
    keep, other, _third = found.lines.order_by("pk")
    where = "?" + urlencode({"state": "in", "q": "榆树", "page": "1"})
    address = reverse("desk:weeding_weigh", args=[found.pk]) + where
    own = reverse("desk:weeding_list", args=[found.pk])
    wrong: list[dict[str, object]] = [
        {"act": "keep", "reason": ""},
        {"act": "keep", "reason": "校史", "until_on": "明年"},
        {"act": "keep", "reason": "校史", "until_on": "2001-01-01"},
    ]
    for sent in wrong:
        answer = client.post(address, sent | {"pick": [keep.pk], "tab": "in", "q": "榆树"})
        shown = answer.content.decode()
        assert answer.status_code == 422
        assert f'id="p{keep.pk}" checked' in shown
        assert f'id="p{other.pk}" checked' not in shown
        assert str(sent["reason"]) in shown
        assert 'value="榆树"' in shown
        assert f'href="{own}?state=in' in shown
    nothing = client.post(address, {"act": "out", "tab": "in"})
    assert nothing.status_code == 422
    answer = client.post(address, {"act": "out", "pick": [keep.pk], "tab": "in", "q": "榆树"})
    assert answer.headers["Location"] == own + where + "#lines"
    assert not Keep.objects.exists()


def test_what_was_approved_meanwhile_is_not_weighed(client: Client, cast: Cast) -> None:
    found = proposed(client, cast)
    signed(client, found)
    told = act(client, "weeding_weigh", found.pk, act="out", pick=[line.pk for line in found.lines.all()])
    assert 'class="weigh"' not in told
    assert set(found.lines.values_list("state", flat=True)) == {"in"}


def test_all_that_is_found_can_be_kept_at_once(client: Client, cast: Cast) -> None:
    found = proposed(client, cast)
    act(client, "weeding_weigh", found.pk, act="keep", all="1", reason="留样", tab="in", q="榆树")
    assert Keep.objects.count() == 3
    keeps = list(Keep.objects.values_list("pk", flat=True))
    act(client, "weeding_release", pick=keeps[:2])
    assert Keep.objects.count() == 1


def test_papers_are_made_in_two_copies(client: Client, cast: Cast) -> None:
    found = proposed(client, cast)
    signed(client, found)
    paper = page(client, "weeding_paper", found.pk)
    assert paper.count('class="sheet"') == 2
    assert "王校长" in paper
    for copy in ("library", "office", "../x"):
        answer = client.get(reverse("desk:weeding_word", args=[found.pk]), {"copy": copy})
        assert zipfile.ZipFile(io.BytesIO(answer.content)).testzip() is None
        document = zipfile.ZipFile(io.BytesIO(answer.content)).read("word/document.xml").decode()
        assert document.count("榆树旧书") == 3
        assert "附：数据来源" not in document  # no figure in it leads anywhere
    answer = client.get(reverse("desk:weeding_workbook", args=[found.pk]))
    with open_table(answer.content, name="list.xlsx") as table:
        rows = list(table.filled_sheets[0].rows)
    assert len(rows) == 3
    assert "榆树旧书" in rows[0].cells


def test_rules_are_made_changed_and_removed(client: Client, cast: Cast) -> None:
    act(client, "weeding_rule_new", name="复本", copies_over="5", reason="outdated")
    rule = WeedingRule.objects.get(library=cast.a.library, name="复本")
    act(client, "weeding_rule", rule.pk, name="复本", copies_over="3", reason="outdated", clc="i2")
    rule.refresh_from_db()
    assert (rule.copies_over, rule.clc) == (3, "I2")
    for wrong in ({"name": "空"}, {"name": "", "age_years": "3"}, {"name": "岁", "age_years": "多"}):
        answer = client.post(reverse("desk:weeding_rule_new"), wrong | {"reason": "outdated"})
        assert answer.status_code == 422
    act(client, "weeding_rule_remove", rule.pk)
    WeedingRule.objects.filter(library=cast.a.library).delete()
    assert "weeding/rules/common" in page(client, "weeding")
    act(client, "weeding_common_rules")
    act(client, "weeding_common_rules")
    assert WeedingRule.objects.filter(library=cast.a.library).count() == 3


def test_nothing_ticked_proposes_nothing(client: Client, cast: Cast) -> None:
    before = WeedingList.objects.count()
    act(client, "weeding_propose")
    assert WeedingList.objects.count() == before


def test_a_pile_is_scanned_on_a_list_of_its_own(client: Client, cast: Cast) -> None:
    act(client, "weeding_begin")
    found = WeedingList.objects.filter(library=cast.a.library).latest("number")
    page(client, "weeding_list", found.pk)
    told = act(client, "weeding_add", found.pk, codes="AB1 AB2\nAB1 404", condition="stained")
    assert "404" in told
    assert found.lines.count() == 2
    answer = client.post(reverse("desk:weeding_add", args=[found.pk]), {"codes": "", "condition": "worn"})
    assert answer.status_code == 422
    act(client, "weeding_discard", found.pk)
    assert not WeedingList.objects.filter(pk=found.pk).exists()


def test_an_approval_without_its_parts_is_said_and_what_was_typed_stays(client: Client, cast: Cast) -> None:
    found = proposed(client, cast)
    answer = client.post(
        reverse("desk:weeding_approve", args=[found.pk]),
        {
            "approved_by": "",
            "approved_on": "2026-01-05",
            "document": "第 9 号",
            "reason": "worn",
            "disposition": "scrap",
        },
    )
    assert answer.status_code == 422
    assert "第 9 号" in answer.content.decode()
    signed(client, found)
    act(client, "weeding_reopen", found.pk)
    found.refresh_from_db()
    assert found.state == "draft"


def test_conditions_are_noted_by_scanning(client: Client, cast: Cast) -> None:
    act(client, "weeding_conditions", codes="AB1\n404", condition="worn")
    assert Condition.objects.get().kind == "worn"
    assert "榆树旧书" in page(client, "weeding_conditions")
    act(client, "weeding_conditions", codes="AB1", condition="")
    assert not Condition.objects.exists()


def test_titles_of_a_notice_are_found_set_aside_and_given_back(client: Client, cast: Cast) -> None:
    file = SimpleUploadedFile("清单.csv", "书名,作者\n榆树旧书,\n没有的书,某人\n".encode())
    act(client, "weeding_reviews", file=file, name="第一批", document="〔2019〕55号")
    jobs.run_pending()
    found = ReviewList.objects.get(name="第一批")
    [match] = found.entries.get(row=1).matches.all()
    assert "榆树旧书" in page(client, "weeding_review", found.pk)
    sent = {"act": "aside", "pick": [match.pk], "note": "先问校长"}
    answer = client.post(reverse("desk:weeding_decide", args=[found.pk]), sent)
    assert answer.status_code == 422
    assert "先问校长" in answer.content.decode()
    act(client, "weeding_decide", found.pk, act="other", pick=[match.pk])
    assert "data-busy" in page(client, "weeding_review", found.pk, state="other")
    act(client, "weeding_decide", found.pk, act="aside", pick=[match.pk], ground="unsuitable", tab="open")
    volumes = Item.objects.filter(holding=match.holding)
    assert set(volumes.values_list("account", flat=True)) == {"review"}
    assert Client().get(reverse("opac:record", args=["a", match.holding.record_id])).status_code == 404
    assert "榆树旧书" in page(client, "weeding_review", found.pk, state="aside")
    act(client, "weeding_decide", found.pk, act="undo", pick=[match.pk], tab="aside")
    assert set(volumes.values_list("account", flat=True)) == {"shelf"}
    assert Client().get(reverse("opac:record", args=["a", match.holding.record_id])).status_code == 200
    act(client, "weeding_decide", found.pk, act="aside", pick=[match.pk], ground="illegal", tab="open")
    listed = act(client, "weeding_decide", found.pk, act="list", pick=[match.pk], tab="aside")
    assert "榆树旧书" in listed
    assert WeedingList.objects.latest("created_at").reason == "review"


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.csv", b""), ("a.png", b"\x89PNG\r\n\x1a\n12345"), ("a.csv", "甲,乙\n1,2\n".encode())],
)
def test_what_is_no_list_is_said(client: Client, cast: Cast, name: str, content: bytes) -> None:
    sent = {"file": SimpleUploadedFile(name, content)}
    assert client.post(reverse("desk:weeding_reviews"), sent).status_code == 422
    assert client.post(reverse("desk:weeding_reviews"), {}).status_code == 422
