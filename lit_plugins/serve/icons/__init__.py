"""The page's icon fonts: drawn here, so that the page asks no other server for them.

`shapes` holds the drawings, `draw` turns one into outlines, `build` makes the fonts, `names`
reads from LIT's client which names a font must know. `python -m lit_plugins.serve.icons` writes
the fonts into the client folder. Nothing here is needed while the server runs.
"""
