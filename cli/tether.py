"""Runs a program that cannot outlive its parent: `tether.py PARENT SIGNAL USER PROGRAM ARG...`.

It becomes the program (same process id), as USER unless that is `-`. On Linux the kernel sends
SIGNAL to it when PARENT dies, however PARENT dies; elsewhere the next start cleans up. It is run by
path and imports the standard library only, so that starting it costs a few milliseconds.
"""

import ctypes
import os
import pwd
import sys

PR_SET_PDEATHSIG = 1


def become(user: str) -> None:
    entry = pwd.getpwnam(user)
    os.initgroups(user, entry.pw_gid)
    os.setgid(entry.pw_gid)
    os.setuid(entry.pw_uid)
    os.environ |= {"HOME": entry.pw_dir, "USER": user, "LOGNAME": user}


def die_with(parent: int, signal_number: int) -> None:
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal_number, 0, 0, 0)
    if os.getppid() != parent:  # it died before the kernel knew
        sys.exit(1)


def main() -> None:
    parent, signal_number, user, *command = sys.argv[1:]
    if user != "-":
        become(user)
    if sys.platform == "linux":  # after the change of user, which would clear it
        die_with(int(parent), int(signal_number))
    os.execv(command[0], command)  # noqa: S606


if __name__ == "__main__":
    main()
