from html.parser import HTMLParser

import numpy as np
import pytest

from lit_plugins.explain.drawing.html import as_html
from tests.explain.examples import an_explanation, of_text, with_pairs


class Page(HTMLParser):
    """The text of the first inner block, its spans, and the line below."""

    def __init__(self, html):
        super().__init__(convert_charrefs=True)
        self.tags, self.words, self.blocks, self.open = [], [], [], []
        self.feed(html)
        self.close()
        assert not self.open

    def handle_starttag(self, tag, attributes):
        self.open.append(tag)
        self.tags.append(tag)
        if tag == "span":
            self.words.append({**dict(attributes), "text": ""})
        elif len(self.open) == 2:
            self.blocks.append("")

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.blocks[-1] += data
        if self.open[-1] == "span":
            self.words[-1]["text"] += data


def test_a_tiny_example():
    assert as_html(of_text("a film", [0.0, -2.0])) == (
        '<div style="margin:0.3em 0">'
        '<div dir="auto" style="white-space:pre-wrap;overflow-wrap:anywhere;line-height:1.7">'
        '<span title="+0.00" style="background-color:rgba(31,97,128,0);border-radius:0.2em">a'
        '</span> <span title="-2.00" style="background-color:rgba(183,22,106,0.5);'
        'border-radius:0.2em">film</span></div>'
        '<div style="font-size:85%;opacity:0.8">'
        "positive: probability 0.3, base value 0.3, delta 0, 16 evaluations (shapley).</div></div>"
    )


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "film",
        "\n a  good,\tfilm…\r\nindeed ",
        "<script>alert('1')</script> & <b>\"quoted\"</b> &amp;",
        "x" * 5000,
        "great 😀 👍🏽 👨‍👩‍👧 fun",
        "זה סרט טוב مرحبا",
        "最高の映画でした。",
    ],
)
def test_the_text_is_kept_to_the_character(text):
    explanation = of_text(text, [])
    explanation = of_text(text, np.linspace(-1, 1, len(explanation.words)))
    page = Page(as_html(explanation))
    assert page.blocks[0] == text
    assert [word["text"] for word in page.words] == list(explanation.words)
    assert set(page.tags) <= {"div", "span"}


def test_errors_stand_in_the_tooltip():
    explanation = an_explanation(error=np.array([0.01, 0.0, 0.02, 0.0]))
    titles = [word["title"] for word in Page(as_html(explanation)).words]
    assert titles == ["-0.500 ± 0.010", "+0.000 ± 0.000", "+0.250 ± 0.020", "+0.250 ± 0.000"]


def test_what_is_to_be_known_stands_below():
    explanation = an_explanation(truncated=True, note="a < b", target_label="<i>")
    page = Page(as_html(explanation))
    assert page.blocks[1] == (
        "<i>: probability 0.3, base value 0.3, delta 0, 16 evaluations (shapley). "
        "The model does not see the end of the text. a < b"
    )


def test_pieces_of_one_character_are_one_span_with_all_their_scores():
    explanation = an_explanation(
        text="😀", words=("😀", "😀"), offsets=((0, 1), (0, 1)), scores=np.array([0.5, 0.25])
    )
    page = Page(as_html(explanation))
    assert page.blocks[0] == "😀"
    assert [word["title"] for word in page.words] == ["+0.500, +0.250"]


def test_pairs_of_words_stand_below_the_text():
    figures = Page(as_html(with_pairs())).blocks[-1]
    assert figures.endswith(
        " Words that act together most: not × good -0.500, not × film +0.125, not × a +0.000."
    )
