"""The command `shuxiang`, also `python -m shuxiang`."""

import os
import sys


def main() -> None:
    """Run one command line and leave with its exit status."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shuxiang.config.settings")
    from shuxiang.cli.dispatch import run  # noqa: PLC0415  settings must be named before Django is imported

    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
