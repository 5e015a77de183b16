"""The page's icon fonts, drawn for this package so that the page loads none from other servers.

`shapes` holds the drawings, `draw` turns one into outlines, `font` makes a font, and `names` reads
from LIT's client which icon names a font needs. `python -m lit_plugins.serve.icons` writes the
fonts into the client folder. The running server uses nothing of this folder.
"""
