import base64

from playwright.sync_api import Browser

from lit_plugins.serve.icons.__main__ import CLIENT

# A name that the font draws is one sign of 20 pixels, and all else takes up no room.
WIDTHS = {
    "push_pin": 20,
    "PUSH_PIN": 20,
    "expand_less": 20,
    "no_such_icon": 0,
    "addcheck": 0,
    "checking": 0,
    "re_add": 0,
}


def test_known_names_are_drawn_and_the_rest_is_hidden(browser: Browser) -> None:
    data = base64.b64encode((CLIENT / "icons.ttf").read_bytes()).decode()
    html = f"""<style>
        @font-face {{ font-family: I; src: url(data:font/ttf;base64,{data}) }}
        span {{ font: 20px I }} .spaced {{ letter-spacing: 0.5px }}</style>"""
    html += "".join(f"<div><span>{name}</span></div>" for name in WIDTHS)
    html += "<div class=spaced><span>arrow_drop_down</span></div>"
    page = browser.new_page()
    page.set_content(html)
    page.evaluate("document.fonts.load('20px I')")
    widths = page.evaluate(
        "[...document.querySelectorAll('span')].map(e => e.getBoundingClientRect().width)"
    )
    page.close()
    assert widths == [*WIDTHS.values(), 20.5]
