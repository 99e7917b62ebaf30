"""The pages of other catalogues and of call numbers: what they show, refuse, undo."""

import html
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from shuxiang import marc
from shuxiang.accounts.services import create_account, grant
from shuxiang.audit import jobs, reconcile
from shuxiang.common.ids import uuid7
from shuxiang.holdings.models import Holding
from shuxiang.libraries.services import create_library
from shuxiang.sources.models import Pack, Target
from shuxiang.sources.services import TargetValues, save_target
from shuxiang.sources.tests.conftest import cnmarc
from shuxiang.sources.tests.server import response, serving, xml
from tests.school import BY, START, Cast, buy, cast

BACKEND = "django.contrib.auth.backends.ModelBackend"
PACK = b"".join(
    marc.write_iso2709(cnmarc(*one), "gb18030")
    for one in [("草房子", "978-7-5346-4018-5", "I287.45"), ("<script>alert(1)</script>", "", "")]
)


@pytest.fixture
def both(db: None) -> Cast:
    return cast()


@pytest.fixture
def librarian(both: Cast) -> Client:
    return signed_in(both, "librarian")


def signed_in(both: Cast, role: str) -> Client:
    client = Client()
    client.force_login(both.accounts[role], backend=BACKEND)
    return client


@pytest.fixture
def keeper(both: Cast) -> Client:
    """Who looks after the whole installation."""
    account = create_account(username="keeper", display_name="馆长", by=BY, at=START)
    grant(account=account, role="owner", library=None, from_on=date(2026, 1, 1), by=BY, at=START)
    client = Client()
    client.force_login(account, backend=BACKEND)
    client.post(reverse("accounts:choose_library"), {"library": both.a.library.code})
    return client


def text(answer: Any) -> str:
    return html.unescape(answer.content.decode())


def bring(client: Client, content: bytes = PACK, name: str = "省馆.iso") -> Any:
    data = {"file": SimpleUploadedFile(name, content), "name": "", "operation": str(uuid7())}
    return client.post(reverse("desk:pack_bring"), data, follow=True)


def server_values(at: str, **more: str) -> dict[str, str]:
    values = {
        "name": "区馆", "address": at, "record_schema": "cnmarc", "profile": "", "version": "1.1",
        "isbn_index": "bath.isbn", "title_index": "dc.title", "timeout_seconds": "2", "allows_private": "on",
    }  # fmt: skip
    return values | more


def test_nothing_loaded_and_nobody_asked_says_what_would_be_here(librarian: Client) -> None:
    shown = text(librarian.get(reverse("desk:sources")))
    assert "还没有装入数据包" in shown and "还没有可查询的服务器" in shown


def test_a_pack_is_brought_loaded_found_in_and_removed(librarian: Client) -> None:
    shown = text(bring(librarian))
    jobs.run_pending()
    pack = Pack.objects.get()
    shown = text(librarian.get(reverse("desk:pack", args=[pack.pk])))
    assert "共读 2 条：装入 2 条" in shown and "省馆" in shown
    found = text(librarian.post(reverse("desk:sources_look"), {"q": "9787534640185"}))
    assert "草房子" in found and "I287.45" in found
    raw = librarian.post(reverse("desk:sources_look"), {"q": "<script>alert(1)</script>"}).content.decode()
    assert "<script>alert" not in raw and "&lt;script&gt;alert(1)" in raw
    librarian.post(reverse("desk:pack_remove", args=[pack.pk]))
    jobs.run_pending()
    shown = text(librarian.post(reverse("desk:sources_look"), {"q": "9787534640185"}))
    assert "哪里都没有" in shown
    assert reconcile.run().differences == ()


@pytest.mark.parametrize(
    ("content", "words"), [(b"", "空文件"), (PACK, "已经装入过")], ids=["empty", "twice"]
)
def test_a_file_that_cannot_be_a_pack_is_refused_at_its_field(
    librarian: Client, content: bytes, words: str
) -> None:
    bring(librarian)
    jobs.run_pending()
    answer = bring(librarian, content, "b.iso")
    assert answer.status_code == 422
    assert words in text(answer)
    assert Pack.objects.count() == 1


def test_no_file_at_all_is_refused_in_words(librarian: Client) -> None:
    answer = librarian.post(reverse("desk:pack_bring"), {"name": "x"})
    assert answer.status_code == 422
    assert "没有选文件" in text(answer)


def test_a_letter_instead_of_records_says_so(librarian: Client) -> None:
    bring(librarian, b"Dear library, here is no record.", "brief.txt")
    jobs.run_pending()
    shown = text(librarian.get(reverse("desk:pack", args=[Pack.objects.get().pk])))
    assert "没有可用的数据" in shown


def test_the_moving_part_comes_to_rest(librarian: Client) -> None:
    bring(librarian)
    jobs.run_pending()
    pack = Pack.objects.get()
    Pack.objects.filter(pk=pack.pk).update(state="loading", rows_read=1234)
    moving = librarian.get(reverse("desk:pack_progress", args=[pack.pk]))
    assert "1,234" in text(moving)
    Pack.objects.filter(pk=pack.pk).update(state="ready")
    assert librarian.get(reverse("desk:pack_progress", args=[pack.pk]))["HX-Refresh"] == "true"


def test_the_keeper_of_all_libraries_enters_a_server_which_then_answers(keeper: Client) -> None:
    with serving(xml(response([cnmarc("青铜葵花", "7-5346-3374-2", "I287.45")]))) as server:
        answer = keeper.post(reverse("desk:target_new"), server_values(server.address), follow=True)
        assert "区馆" in text(answer)
        shown = text(keeper.post(reverse("desk:sources_look"), {"q": "青铜葵花"}))
    assert "青铜葵花" in shown and "已答复" in shown
    assert Target.objects.get().outcome == "ok"


def test_who_keeps_one_of_several_libraries_reads_the_list_and_changes_nothing(librarian: Client) -> None:
    answer = librarian.post(reverse("desk:target_new"), server_values("http://example.org/sru"))
    assert answer.status_code == 422
    assert "所有图书馆共用" in text(answer)
    assert not Target.objects.exists()
    values = TargetValues(name="区馆", address="http://example.org/sru")
    one = save_target(values, is_owner=True, by=BY, at=START)
    for act in ("up", "off", "remove"):
        librarian.post(reverse("desk:target_act", args=[one.pk]), {"act": act})
    one.refresh_from_db()
    assert one.is_used and one.removed_at is None


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"address": "ftp://example.org/sru"}, "http://"),
        ({"address": "http://user:pass@example.org/sru"}, "用户名"),
        ({"address": "http://example.org/sru?x=1"}, "问号"),
        ({"address": "http:///sru"}, "服务器名"),
        ({"address": "http://[::1/sru"}, "网址"),
        ({"isbn_index": "a b"}, "检索点"),
        ({"isbn_index": "", "title_index": ""}, "检索点"),
        ({"record_schema": "<x>"}, "数据格式名"),
    ],
)
def test_a_server_that_cannot_be_is_refused_with_what_is_wrong(
    keeper: Client, changed: dict[str, str], words: str
) -> None:
    answer = keeper.post(reverse("desk:target_new"), server_values("http://example.org/sru", **changed))
    assert answer.status_code == 422
    assert words in text(answer)
    assert not Target.objects.exists()


def test_servers_are_ordered_switched_off_taken_out_and_put_back(keeper: Client) -> None:
    one, two = (
        save_target(
            TargetValues(name=name, address=f"http://example.org/{path}"), is_owner=True, by=BY, at=START
        )
        for name, path in (("甲馆", "a"), ("乙馆", "b"))
    )

    def act(which: Target, what: str) -> str:
        return text(keeper.post(reverse("desk:target_act", args=[which.pk]), {"act": what}, follow=True))

    act(two, "up")
    assert list(Target.objects.values_list("name", flat=True)) == ["乙馆", "甲馆"]
    act(one, "off")
    assert "不查询" in text(keeper.get(reverse("desk:sources")))
    act(one, "on")
    assert "撤销" in act(one, "remove")
    assert "甲馆" not in text(keeper.get(reverse("desk:sources")))
    assert "甲馆" in act(one, "restore")
    two.refresh_from_db()
    changed = server_values("http://example.org/other", name="乙二馆", allows_private="")
    assert "乙二馆" in text(keeper.post(reverse("desk:target", args=[two.pk]), changed, follow=True))


def test_a_class_shows_its_numbers_with_the_gaps_and_what_comes_next(librarian: Client, both: Cast) -> None:
    for number in (3, 6):
        _record, item = buy(both.a.library, f"第{number}本")
        change = {"call_number": f"I287.7/{number}", "operation": str(uuid7())}
        assert librarian.post(reverse("desk:call_number", args=[item.holding_id]), change).status_code == 302
    shown = text(librarian.get(reverse("desk:call_numbers_class"), {"clc": "I287.7"}))
    assert "I287.7/6" in shown and "4–5" in shown and "I287.7/2" in shown
    listed = text(librarian.get(reverse("desk:call_numbers"), {"clc": "I28"}))
    assert "I287.7" in listed
    assert reconcile.run().differences == ()


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("L12", "没有 L 类"),
        ("I24757", "每三位"),
        ("K25(71", "地区复分"),
        ("[X-019]", "交替类目"),
        ("zzz", "不是分类号"),
    ],
)
def test_a_class_number_is_judged_in_words(librarian: Client, typed: str, words: str) -> None:
    assert words in text(librarian.get(reverse("desk:call_numbers"), {"clc": typed}))


def test_a_call_number_is_changed_and_taken_back_on_its_page(librarian: Client, both: Cast) -> None:
    held = both.a.item.holding
    address = reverse("desk:call_number", args=[held.pk])
    before = held.call_number
    answer = librarian.post(address, {"call_number": "I247.57", "operation": str(uuid7())})
    done = str(answer["Location"]).rpartition("done=")[2]
    shown = text(librarian.get(answer["Location"]))
    assert "I247.57/1" in shown and "撤销" in shown
    again = text(librarian.post(reverse("desk:call_number_undo"), {"operation": done}, follow=True))
    assert before in again
    held.refresh_from_db()
    assert held.call_number == before
    refused = text(librarian.post(reverse("desk:call_number_undo"), {"operation": done}, follow=True))
    assert "此后又改过" in refused
    assert reconcile.run().differences == ()


def test_a_call_number_that_another_title_has_is_refused_by_name(librarian: Client, both: Cast) -> None:
    _record, item = buy(both.a.library, "另一本书")
    answer = librarian.post(
        reverse("desk:call_number", args=[item.holding_id]), {"call_number": both.a.item.holding.call_number}
    )
    assert answer.status_code == 422
    assert both.a.record.title in text(answer)


def test_classes_are_suggested_with_their_reasons_and_never_applied(librarian: Client, both: Cast) -> None:
    _record, item = buy(both.a.library, "榆树的故事续集")
    before = item.holding.call_number
    shown = text(librarian.get(reverse("desk:call_number", args=[item.holding_id])))
    assert both.a.record.title in shown and "题名相近" in shown
    assert Holding.objects.get(pk=item.holding_id).call_number == before


def test_another_librarys_titles_are_not_there(librarian: Client, both: Cast) -> None:
    address = reverse("desk:call_number", args=[both.b.item.holding_id])
    assert librarian.get(address).status_code == 404
    assert librarian.post(address, {"call_number": "K82"}).status_code == 404


def test_numbers_and_files_that_lead_nowhere_give_no_page(librarian: Client, both: Cast) -> None:
    for address in (
        reverse("desk:call_number", args=[2**63]),
        reverse("desk:pack", args=[uuid7()]),
        reverse("desk:target", args=[2**63 + 1]),
    ):
        assert librarian.get(address).status_code == 404
    assert librarian.get(reverse("desk:call_numbers_class"), {"group": "x", "clc": "\x00<"}).status_code in (
        200,
        302,
    )
    assert librarian.post(reverse("desk:call_number_undo"), {"operation": "x"}).status_code == 302
    assert librarian.get(reverse("desk:call_numbers"), {"clc": "\x00I"}).status_code == 200
    assert librarian.post(reverse("desk:sources_look"), {"q": "\x00草"}).status_code == 200
    change = {"call_number": "I18\x00/7"}
    address = reverse("desk:call_number", args=[both.a.item.holding_id])
    assert librarian.post(address, change).status_code in (302, 422)


def test_a_librarian_alone_in_an_installation_keeps_the_list(db: None, tmp_path: Path) -> None:
    library = create_library(code="solo", name="独立小学", kind="primary", by=BY, at=START)
    account = create_account(username="li", display_name="李老师", by=BY, at=START)
    grant(account=account, role="librarian", library=library, from_on=date(2026, 1, 1), by=BY, at=START)
    client = Client()
    client.force_login(account, backend=BACKEND)
    values = server_values("http://example.org/sru")
    assert client.post(reverse("desk:target_new"), values).status_code == 422  # own network: the owner only
    values.pop("allows_private")
    assert client.post(reverse("desk:target_new"), values).status_code == 302
    assert Target.objects.get().name == "区馆"
