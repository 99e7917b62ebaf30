"""The wizard's pages without a browser: what is refused, what is sent twice, what belongs to somebody else."""

import io
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from shuxiang.accounts.models import Role
from shuxiang.accounts.services import create_account, grant
from shuxiang.audit import jobs
from shuxiang.catalogue.models import BibliographicRecord
from shuxiang.imports.models import Draft, Profile, Run
from shuxiang.imports.tables import open_table
from shuxiang.marc import Field, MarcRecord, Subfield, write_iso2709
from tests.school import BY, JOINED_ON, START, Cast, cast

BACKEND = "django.contrib.auth.backends.ModelBackend"
BOOKS = "书名,ISBN,册数,价格\n西游记,9787020002207,3,35.00\n,1234,1,\n水浒传,9787020008759,2,28.60元\n"
READERS = "借书证号,姓名,班级\nS1,林知夏,三（1）班\nS1,周予安,三（1）班\n"


@pytest.fixture
def school(db: None, tmp_path: Path, settings: LazySettings) -> Cast:
    settings.MEDIA_ROOT = tmp_path / "files"
    return cast()


@pytest.fixture
def client(school: Cast) -> Client:
    return signed_in(school, "librarian")


def signed_in(school: Cast, role: str) -> Client:
    somebody = Client()
    somebody.force_login(school.accounts[role], backend=BACKEND)
    return somebody


def bring(client: Client, content: str | bytes = BOOKS, name: str = "新书.csv", **more: str) -> Draft:
    """Bring a file and let it be judged."""
    raw = content.encode() if isinstance(content, str) else content
    file = io.BytesIO(raw)
    file.name = name
    answer = client.post(reverse("desk:import_bring"), {"file": file, **more})
    assert answer.status_code == 302, answer.content.decode()
    jobs.run_pending()
    return Draft.objects.select_related("file").get(pk=answer.headers["Location"].rstrip("/").split("/")[-1])


def page(client: Client, thing: Draft | Run, query: str = "") -> str:
    name = "desk:import_draft" if isinstance(thing, Draft) else "desk:import_run"
    answer = client.get(reverse(name, args=[thing.pk]) + query)
    assert answer.status_code == 200
    return answer.content.decode()


def enter(client: Client, draft: Draft) -> Run:
    client.post(reverse("desk:import_start", args=[draft.pk]), {"round": draft.round})
    jobs.run_pending()
    return Run.objects.get(draft=draft)


def test_from_the_file_to_the_books_and_back(client: Client) -> None:
    titles = BibliographicRecord.objects.count()
    draft = bring(client)
    text = page(client, draft)
    assert "读入 3 行" in text
    assert "收 3 行入帐" in text
    run = enter(client, draft)
    assert client.get(reverse("desk:import_draft", args=[draft.pk])).status_code == 302
    assert "收进 3 种，6 册，162.20 元，1 册价格不明。" in page(client, run)
    assert "西游记" in page(client, run, "?q=西游")
    assert BibliographicRecord.objects.count() == titles + 3
    foreseen = client.get(reverse("desk:import_undo", args=[run.pk])).content.decode()
    assert "撤回 3 种，6 册" in foreseen
    for _time in range(2):
        client.post(reverse("desk:import_take_back", args=[run.pk]))
    jobs.run_pending()
    assert "已撤回 3 种，6 册。" in page(client, run)
    assert BibliographicRecord.objects.filter(deleted_at=None).count() == titles


def test_entering_pressed_twice_enters_once(client: Client) -> None:
    draft = bring(client)
    before = Run.objects.count()
    for _time in range(2):
        answer = client.post(reverse("desk:import_start", args=[draft.pk]), {"round": draft.round})
        assert "/desk/import/" in answer.headers["Location"]
    assert Run.objects.count() == before + 1


def test_verdicts_of_an_old_page_are_not_entered(client: Client) -> None:
    draft = bring(client)
    old = draft.round
    sent = {"kind": "books", "c-0-0": "title", "c-0-1": "", "c-0-2": "copies", "c-0-3": ""}
    client.post(reverse("desk:import_columns", args=[draft.pk]), sent)
    jobs.run_pending()
    answer = client.post(reverse("desk:import_start", args=[draft.pk]), {"round": old}, follow=True)
    assert "刚才改过" in answer.content.decode()
    assert not Run.objects.filter(draft=draft).exists()


@pytest.mark.parametrize("shown", ["9" * 5000, "9" * 30, "-1", "x", "²"])
def test_a_round_that_never_was_enters_nothing(client: Client, shown: str) -> None:
    draft = bring(client)
    answer = client.post(reverse("desk:import_start", args=[draft.pk]), {"round": shown})
    assert answer.status_code == 302
    assert not Run.objects.filter(draft=draft).exists()


def test_columns_are_chosen_kept_under_a_name_and_found_again(client: Client) -> None:
    draft = bring(client, "甲,乙,ISBN\n西游记,吴承恩,9787020002207\n")
    sent = {"kind": "books", "c-0-0": "title", "c-0-1": "title", "c-0-2": "isbn"}
    where = reverse("desk:import_columns", args=[draft.pk])
    assert "“书名”对了两列：甲、乙" in client.post(where, sent, follow=True).content.decode()
    client.post(where, {**sent, "c-0-1": "authors", "save_as": "妙思"})
    jobs.run_pending()
    draft.refresh_from_db()
    enter(client, draft)
    assert Profile.objects.get().name == "妙思"
    again = bring(client, "甲,乙,ISBN\n水浒传,施耐庵,9787020008759\n")
    assert "按保存的“妙思”对列" in page(client, again)


def test_what_lacks_a_column_is_said_and_nothing_can_be_entered(client: Client) -> None:
    draft = bring(client, "分类号,说法\nI247,一\nG62,二\n")
    text = page(client, draft)
    assert "还没有哪一列对到：书名。" in text
    assert reverse("desk:import_start", args=[draft.pk]) not in text
    client.post(reverse("desk:import_start", args=[draft.pk]), {"round": draft.round})
    assert not Run.objects.filter(draft=draft).exists()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "空"),
        (b"\x89PNG\r\n\x1a\n" + bytes(99), "图片"),
        (b"%PDF-1.4 x", "PDF"),
        (b"PK\x03\x04" + bytes(99), "损坏"),
    ],
)
def test_what_is_no_list_is_refused_with_a_sentence(client: Client, content: bytes, said: str) -> None:
    text = page(client, bring(client, content, "封面.xlsx"))
    assert "这个文件导不了" in text
    assert said in text


def test_no_file_and_a_file_that_is_too_large_are_refused(client: Client) -> None:
    answer = client.post(reverse("desk:import_bring"), {})
    assert (answer.status_code, "没有选文件" in answer.content.decode()) == (422, True)
    answer = client.post(reverse("desk:import_bring"), CONTENT_LENGTH=str(2**30))
    assert (answer.status_code, "超过 300 MB" in answer.content.decode()) == (413, True)


def test_a_form_without_its_token_is_refused(school: Cast) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(school.accounts["librarian"], backend=BACKEND)
    before = Draft.objects.count()
    file = io.BytesIO(b"a")
    file.name = "a.csv"
    assert strict.post(reverse("desk:import_bring"), {"file": file}).status_code == 403
    assert Draft.objects.count() == before


def test_a_lost_session_leads_back_to_the_page(client: Client, school: Cast) -> None:
    draft = bring(client)
    address = reverse("desk:import_draft", args=[draft.pk])
    client.logout()
    assert client.get(address).headers["Location"].startswith(reverse("accounts:sign_in"))
    assert client.post(reverse("desk:import_start", args=[draft.pk])).status_code == 302
    assert not Run.objects.filter(draft=draft).exists()
    assert "读入 3 行" in page(signed_in(school, "owner"), draft)


def test_the_rows_to_correct_come_as_a_workbook_that_is_brought_back_as_it_is(
    client: Client, tmp_path: Path
) -> None:
    draft = bring(client)
    answer = client.get(reverse("desk:import_corrections", args=[draft.pk]))
    assert "filename*=" in answer.headers["Content-Disposition"]
    path = tmp_path / "rows.xlsx"
    path.write_bytes(answer.content)
    with open_table(path, name="rows.xlsx") as table:
        [sheet] = table.sheets
        assert sheet.header.titles[:4] == ("书名", "ISBN", "册数", "价格")
        assert [row.cells[1] for row in sheet.rows] == ["1234"]
    again = bring(client, path.read_bytes(), "rows.xlsx")
    assert (again.state, again.counts["made"]) == ("checked", 1)
    assert set(again.mapping["columns"]) == {"isbn", "title", "price", "copies"}


def test_who_may_import_books_only_sees_no_list_of_readers(client: Client, school: Cast) -> None:
    readers, books = bring(client, READERS, "名单.csv"), bring(client)
    assert readers.kind == "patrons"
    cataloguer = signed_in(school, "cataloguing")
    assert cataloguer.get(reverse("desk:import_draft", args=[readers.pk])).status_code == 404
    assert cataloguer.get(reverse("desk:import_corrections", args=[readers.pk])).status_code == 404
    assert "读入 3 行" in page(cataloguer, books)
    listing = cataloguer.get(reverse("desk:imports")).content.decode()
    assert "新书.csv" in listing
    assert "名单.csv" not in listing
    client.post(reverse("desk:import_columns", args=[books.pk]), {"kind": "patrons"})
    jobs.run_pending()
    assert cataloguer.get(reverse("desk:import_draft", args=[books.pk])).status_code == 404


def test_who_may_import_readers_only_reaches_the_wizard(school: Cast) -> None:
    role = Role.objects.create(code="office", name="教务", permissions=["patrons.import"])
    account = create_account(username="office", display_name="教务", by=BY, at=START)
    grant(account=account, role=role.code, library=school.a.library, from_on=JOINED_ON, by=BY, at=START)
    client = Client()
    client.force_login(account, backend=BACKEND)
    draft = bring(client, READERS, "名单.csv")
    assert "收 1 行建档" in page(client, draft)
    assert bring(client, BOOKS).kind in ("patrons", "loans")


def test_readers_leave_no_rows_behind(client: Client) -> None:
    draft = bring(client, READERS, "名单.csv")
    run = enter(client, draft)
    assert client.get(reverse("desk:import_run_corrections", args=[run.pk])).status_code == 200
    assert not draft.rows.exists()
    assert "拒收" in page(client, run, "?verdict=refused")


def test_an_import_that_others_rest_on_names_them(client: Client) -> None:
    books = enter(client, bring(client))
    today = timezone.localdate().isoformat()
    readers = enter(client, bring(client, READERS, "名单.csv"))
    log = f"时间,动作,借书证号,ISBN\n{today} 00:01:00,借书,S1,9787020002207\n"
    loans = enter(client, bring(client, log, "借还.csv"))
    assert loans.rows_made == 1, page(client, loans)
    text = client.get(reverse("desk:import_undo", args=[books.pk])).content.decode()
    assert "借还.csv" in text
    assert reverse("desk:import_take_back", args=[books.pk]) not in text
    client.post(reverse("desk:import_take_back", args=[books.pk]))
    books.refresh_from_db()
    assert (books.state, readers.state) == ("done", "done")


def test_thrown_away_it_is_gone(client: Client) -> None:
    draft = bring(client)
    client.post(reverse("desk:import_discard", args=[draft.pk]))
    assert not Draft.objects.filter(pk=draft.pk).exists()
    assert client.get(reverse("desk:import_draft", args=[draft.pk])).status_code == 404


def test_marc_says_what_it_is_and_needs_no_columns(client: Client) -> None:
    text = page(client, bring(client, _marc(), "编目.mrc"))
    assert "CNMARC" in text
    assert "自动辨认" in text
    assert "收 1 行入帐" in text


def _marc() -> bytes:
    record = MarcRecord(
        "00000nam0 2200000   450 ",
        (
            Field("001", data="x1"),
            Field("200", "1 ", (Subfield("a", "城南旧事"), Subfield("f", "林海音著"))),
            Field("801", " 0", (Subfield("a", "CN"),)),
        ),
    )
    return write_iso2709(record)


def test_a_page_that_waits_comes_anew_when_the_waiting_is_over(client: Client) -> None:
    file = io.BytesIO(BOOKS.encode())
    file.name = "新书.csv"
    where = client.post(reverse("desk:import_bring"), {"file": file}).headers["Location"]
    assert "等前面的事做完" in client.get(where).content.decode()
    assert "等前面的事做完" in client.get(f"{where}progress").content.decode()
    jobs.run_pending()
    assert client.get(f"{where}progress").headers["HX-Refresh"] == "true"
