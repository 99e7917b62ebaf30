"""Who acts at the command line: the user of the operating system."""

import getpass

from shuxiang.common.actors import Actor


def operator() -> Actor:
    try:
        return Actor(getpass.getuser(), "cli")
    except (KeyError, OSError):  # no user database: a container, an unusual service account
        return Actor("operator", "cli")
