"""`python -m lit_plugins.cli` is `lit-plugins`."""

import sys

from lit_plugins.cli import main

sys.exit(main())
