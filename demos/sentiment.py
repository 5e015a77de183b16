"""The main demo: two sentiment models side by side in LIT.

Run `python -m demos.sentiment`; it takes the flags of `lit-plugins serve`.
"""

import sys

from lit_plugins.cli import main

if __name__ == "__main__":
    sys.argv.insert(1, "serve")
    sys.exit(main())
