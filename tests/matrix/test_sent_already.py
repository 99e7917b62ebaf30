"""A form sent again with other contents, as after the browser's way back, is no error of the server."""

from uuid import uuid4

import pytest
from django.test import Client

from shuxiang.holdings.models import AccessionBatch
from tests.school import Cast


@pytest.mark.parametrize(
    ("language", "words"),
    [("zh-hans", "已经送过"), ("zh-hant", "已經送過"), ("en", "sent already")],
)
def test_a_form_sent_again_with_other_contents_changes_nothing_and_says_so(
    language: str, words: str, cast: Cast
) -> None:
    client = Client()
    client.force_login(cast.accounts["librarian"], backend="django.contrib.auth.backends.ModelBackend")
    client.cookies["django_language"] = language
    form = {"source": "purchase", "received_on": "2026-09-01", "operation": str(uuid4())}
    assert client.post("/desk/cataloguing/batches/open", {**form, "supplier": "甲"}).status_code == 302
    before = AccessionBatch.objects.count()
    answer = client.post("/desk/cataloguing/batches/open", {**form, "supplier": "乙"})
    assert answer.status_code == 409
    assert words in answer.content.decode()
    assert AccessionBatch.objects.count() == before
