"""`python -m firmware_config.virtual` runs the virtual printer."""

import sys

from firmware_config.virtual.app import main

if __name__ == "__main__":
    sys.exit(main())
