"""Makes `python -m lit_plugins.cli` equivalent to `lit-plugins`."""

import sys

from lit_plugins.cli import main

sys.exit(main())
