"""The database and the backups of this release, which every later one must be able to start from and restore.

python -m tests.postgres python -m tools.make_release_sample      writes tests/releases/VERSION/, once per release

Until the first release the samples follow the models: run it again whenever a migration was changed in place.
"""

import gzip
import os
import sys
import tempfile
from pathlib import Path

import django
from django.apps import apps

import shuxiang

FOLDER = Path(__file__).parents[1] / "tests" / "releases"


def main() -> int:
    """Fill a school on SQLite and on PostgreSQL and keep both; 2 without a PostgreSQL."""
    if not os.environ.get("SHUXIANG_TEST_POSTGRES"):
        print(__doc__)
        return 2
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    django.setup()
    from shuxiang.safekeeping.dump import write_backup  # noqa: PLC0415  the settings come first
    from tests.durability import filled, processes  # noqa: PLC0415

    target = FOLDER / shuxiang.__version__
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        filled.make(home)
        with filled.data_folder(home):
            write_backup(target / "sqlite.zip", home / "files", apps)
        _keep(home / filled.DATABASE, target / "shuxiang.sqlite3.gz")
        with processes.postgres_database("release_sample") as url, filled.data_folder(home / "pg", url):
            filled.make_here()
            write_backup(target / "postgres.zip", home / "pg" / "files", apps)
    print(*sorted(f"{path.name} {path.stat().st_size}" for path in target.iterdir()), sep="\n")
    return 0


def _keep(database: Path, target: Path) -> None:
    with gzip.GzipFile(target, "wb", mtime=0) as out:
        out.write(database.read_bytes())


if __name__ == "__main__":
    sys.exit(main())
