"""A desk that lends and takes back without end, until somebody kills it.

python -m tests.durability.lender prepare      the tables and a small school, in the data folder of the environment
python -m tests.durability.lender lend FROM    acts FROM, FROM + 1, …; prints the number of each act once it is answered
python -m tests.durability.lender check        prints {"acts": [numbers on record], "loans": n, "returns": n, "wrong": [...]}
"""

import os
import sys

import django


def main(words: list[str]) -> None:
    """Carry out one of the three."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "shuxiang.config.settings"
    django.setup()
    from tests.durability import lending  # noqa: PLC0415  its models need the settings

    if words[0] == "lend":
        lending.lend(int(words[1]))
    else:
        {"prepare": lending.prepare, "check": lending.check}[words[0]]()


if __name__ == "__main__":
    main(sys.argv[1:])
