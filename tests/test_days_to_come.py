"""A slip of the pen in the year, 2062 for 2026, is refused: such an entry could not be reversed for decades."""

from uuid import uuid4

import pytest
from django.test import Client

from shuxiang.holdings.models import AccessionBatch
from tests.school import cast


@pytest.fixture
def client(db: None) -> Client:
    somebody = Client()
    somebody.force_login(cast().accounts["librarian"], backend="django.contrib.auth.backends.ModelBackend")
    return somebody


def test_no_batch_is_entered_under_a_day_that_is_still_to_come(client: Client) -> None:
    form = {"source": "purchase", "received_on": "2026-09-01", "operation": str(uuid4())}
    batch = client.post("/desk/cataloguing/batches/open", form).headers["Location"].split("batch=")[1]
    title = {"title": "童年", "copies": "1", "batch": batch, "operation": str(uuid4())}
    assert client.post(f"/desk/cataloguing/titles/new?batch={batch}", title).status_code == 302
    answer = client.post(f"/desk/cataloguing/batches/{batch}/post", {"on": "2962-09-01"})
    assert answer.status_code == 422
    assert "2962-09-01" in answer.content.decode()
    assert AccessionBatch.objects.get(pk=batch).state == AccessionBatch.State.DRAFT


def test_no_batch_is_reversed_under_a_day_that_is_still_to_come(client: Client) -> None:
    form = {"source": "purchase", "received_on": "2026-09-01", "operation": str(uuid4())}
    batch = client.post("/desk/cataloguing/batches/open", form).headers["Location"].split("batch=")[1]
    title = {"title": "童年", "copies": "1", "batch": batch, "operation": str(uuid4())}
    assert client.post(f"/desk/cataloguing/titles/new?batch={batch}", title).status_code == 302
    assert client.post(f"/desk/cataloguing/batches/{batch}/post", {}).status_code == 302
    answer = client.post(f"/desk/cataloguing/batches/{batch}/reverse", {"on": "2962-09-01"})
    assert answer.status_code == 422
    assert "2962-09-01" in answer.content.decode()
    assert AccessionBatch.objects.get(pk=batch).reversals.count() == 0
