"""`python -m index.cli` is the command onrecord."""

import sys

from index.cli import main

if __name__ == "__main__":
    sys.exit(main())
