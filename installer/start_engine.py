"""Entry point of the frozen `lantern-engine` executable; the desktop starts it with `worker`."""

import sys

from engine.__main__ import main

if __name__ == "__main__":
    sys.exit(main())
