#!/usr/bin/env python3
"""Every command of the project: `python tools/aurora.py help` lists them, the Makefile only calls this.

This file is written so that any Python can read it: an old one is told what is needed, in one sentence.
"""

import os
import sys


def main():  # type: () -> int
    if sys.version_info < (3, 11):
        version = "%d.%d" % sys.version_info[:2]
        sys.stderr.write(
            "Aurora Time needs Python 3.11 or newer, and this is " + version + "; name a newer one: "
            "make run PYTHON=python3.12 (or, without make: python3.12 tools/aurora.py run).\n"
        )
        return 1
    # The checkout takes the place of its tools/ folder on the path, so that no file there hides a library's.
    sys.path[0] = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    from tools.commands import main as run

    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
