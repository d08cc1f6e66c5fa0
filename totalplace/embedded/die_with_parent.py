"""Runs a command that is told to stop when its parent dies: SIGNAL PARENT COMMAND...

Set here, in front of the command, since the kernel forgets the request when a process changes its account or
user namespace.
"""

import ctypes
import os
import sys

PR_SET_PDEATHSIG = 1

if __name__ == "__main__":
    stop_signal, parent, *command = sys.argv[1:]
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(stop_signal), 0, 0, 0)
    if os.getppid() != int(parent):  # it died before the request was in place
        sys.exit(1)
    os.execvp(command[0], command)  # noqa: S606
