"""Can every library the program needs be had for Windows as a ready-made binary?   python -m tools.windows"""

import json
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path


def main() -> int:
    """Let pip resolve the run-time dependencies for 64-bit Windows without installing anything."""
    project = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text(encoding="utf-8"))
    # pip reads markers for the system it runs on, so ours are taken off
    wanted = [line.partition(";")[0].strip() for line in project["project"]["dependencies"]]
    with tempfile.TemporaryDirectory() as folder:
        words = [sys.executable, "-m", "pip", "--disable-pip-version-check", "-q", "install", "--dry-run"]
        words += ["--ignore-installed", "--report", "-", "--target", folder, "--only-binary=:all:"]
        words += ["--platform", "win_amd64", "--python-version", "3.11", "--implementation", "cp", *wanted]
        done = subprocess.run(words, capture_output=True, text=True, check=False)
    if done.returncode:
        print(done.stderr.strip())
        return 1
    found = json.loads(done.stdout)["install"]
    print(f"{len(wanted)} direct dependencies, {len(found)} with theirs: all have binaries for Windows.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
