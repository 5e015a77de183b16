"""Training of the embedded models: `python -m lit_plugins.embedded.training --help`.

It needs the extra `train`. No other part of the package imports it.
"""
