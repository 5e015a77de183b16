"""Icon names and font families that LIT's built client can show.

The client shows an icon by writing its name in an icon font, which draws the name as one glyph (a
ligature). The names are read from the minified bundle, which keeps the templates unchanged.
"""

from __future__ import annotations

import re

_NAME = re.compile(r"[a-z][a-z0-9_]*")
_TAG = re.compile(r"<([a-z][a-z0-9-]*)(?=[\s>])")
_STRING = re.compile(r"""["']([a-z][a-z0-9_]*)["']""")
_ICON_CLASS = re.compile(r"""\bmaterial-icon(?:-outlined)?(?=[\s"'])""")
_CLASS_VALUE = re.compile(r"""class=["']?\$\{([\w$]+)\}""")
_CSS_CONTENT = re.compile(r"""Material Icons[^{}]*?content:\s*["']([a-z0-9_]+)["']""")
_FAMILIES = re.compile(r"(?:font-family|--mdc-icon-font):\s*([^;}]+)")
_GENERIC = {"serif", "sans-serif", "monospace", "system-ui", "inherit", "initial"}
_LONGEST_TAG = 2000


def ligature_names(bundle: str) -> set[str]:
    """Finds every icon name that the templates and styles of `bundle` can show.

    The names are the text of `mwc-icon` elements and of elements with an icon class, the values of
    `data-icon` attributes, and `content:` in styles. Where a template computes the name, they are
    all strings that the expression can return.
    """
    names = set(_CSS_CONTENT.findall(bundle))
    for tag in _TAG.finditer(bundle):
        end = _end_of_tag(bundle, tag.end())
        if end < 0:
            continue
        attributes = bundle[tag.end() : end]
        if "data-icon=${" in attributes:
            start = attributes.index("data-icon=${") + len("data-icon=$")
            names |= _strings(bundle, _balanced(attributes, start), tag.start())
        if tag[1] == "mwc-icon" or _has_icon_class(bundle, attributes, tag.start()):
            text = bundle[end + 1 : bundle.index("</", end)].strip()
            if _NAME.fullmatch(text):
                names.add(text)
            elif text.startswith("${"):
                names |= _strings(bundle, _balanced(text, 1), tag.start())
    return names


def icon_families(bundle: str) -> set[str]:
    """Finds the font families that `bundle` expects to be icon fonts."""
    return {name for name in lone_families(bundle) if "Material" in name}


def lone_families(bundle: str) -> set[str]:
    """Finds the font families that `bundle` uses without a generic family as a fallback."""
    lone = set()
    for value in _FAMILIES.findall(re.sub(r"var\([^,()]*,([^()]*)\)", r"\1", bundle)):
        families = [name.strip(" \"'") for name in value.replace("!important", "").split(",")]
        if re.fullmatch(r"[\w ]+", families[0]) and families[-1].lower() not in _GENERIC:
            lone.add(families[0])
    return lone


def _end_of_tag(bundle: str, start: int) -> int:
    """Finds the `>` that ends an opening tag, ignoring those in `${…}`; -1 if this is not a tag."""
    depth = 0
    for index in range(start, min(start + _LONGEST_TAG, len(bundle))):
        char = bundle[index]
        if char == "{":
            depth += 1
        elif char == "}":
            depth -= 1
        elif char == ">" and depth == 0:
            return index
        elif char in "<`" and depth == 0:
            return -1
        if depth < 0:
            return -1
    return -1


def _balanced(text: str, start: int) -> str:
    """Returns the text between the brace at `start` and its closing brace."""
    depth = 0
    for index in range(start, len(text)):
        depth += (text[index] == "{") - (text[index] == "}")
        if depth == 0:
            return text[start + 1 : index]
    return text[start + 1 :]


def _has_icon_class(bundle: str, attributes: str, position: int) -> bool:
    if _ICON_CLASS.search(attributes):
        return True
    computed = _CLASS_VALUE.search(attributes)
    return bool(computed and _ICON_CLASS.search(_assigned(bundle, computed[1], position)))


def _strings(bundle: str, expression: str, position: int) -> set[str]:
    """Finds the strings in an expression, or in the value of a variable if it is just its name."""
    if re.fullmatch(r"[\w$]+", expression):
        expression = _assigned(bundle, expression, position)
    return set(_STRING.findall(expression))


def _assigned(bundle: str, variable: str, position: int) -> str:
    """Returns the expression last assigned to `variable` before `position`."""
    window = bundle[max(0, position - 8000) : position]
    starts = [m.end() for m in re.finditer(rf"(?<![\w$.]){re.escape(variable)}=(?![=>])", window)]
    if not starts:
        return ""
    depth = 0
    for index in range(starts[-1], len(window)):
        char = window[index]
        depth += (char in "([{") - (char in ")]}")
        if depth < 0 or (depth == 0 and char in ",;"):
            return window[starts[-1] : index]
    return window[starts[-1] :]
