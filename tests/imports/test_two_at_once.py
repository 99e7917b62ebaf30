"""Two imports of one library at once: the second is told to wait, and nothing is doubled."""

from pathlib import Path

import pytest
from django.conf import settings

from shuxiang.common import clock, locks
from shuxiang.common.actors import Actor
from shuxiang.holdings.models import Item
from shuxiang.imports.services import NotImported, import_file
from shuxiang.libraries.services import create_library

BY = Actor("tests", "cli")


@pytest.mark.django_db
def test_a_second_import_is_refused_while_one_is_running(tmp_path: Path) -> None:
    at = clock.now()
    library = create_library(code="yl", name="育林小学", kind="primary", by=BY, at=at)
    path = tmp_path / "books.csv"
    path.write_text("书名,作者,册数\n西游记,吴承恩,2\n", encoding="utf-8")
    with (
        locks.alone(Path(settings.HOME) / "locks" / f"imports-{library.pk}"),
        pytest.raises(NotImported) as told,
    ):
        import_file("books", path, library=library, name=path.name, by=BY, at=at)
    assert told.value.note.code == "other_import_running"
    assert not Item.objects.exists()
    import_file("books", path, library=library, name=path.name, by=BY, at=at)
    assert Item.objects.count() == 2
