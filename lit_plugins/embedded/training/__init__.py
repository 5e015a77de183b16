"""How the embedded models were trained: `python -m lit_plugins.embedded.training --help`.

Needs the extra `train`; nothing else in the package imports this room.
"""
