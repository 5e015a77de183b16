from __future__ import annotations

import pytest

from lit_plugins.data.encodings import likely_encoding

FRENCH = "J'ai aimé ce film, très drôle.\nÇa suffit, un été à Paris.\n"
TEXTS = {
    "cp1252": (FRENCH + "It’s “good” – really\n", "Windows-1252"),
    "latin-1": (FRENCH, "Windows-1252"),
    "cp1250": ("Zażółć gęślą jaźń. Dobry film, świetna obsada.\n", "Windows-1250"),
    "cp1251": ("Очень хороший фильм.\nМне не понравилось, скучно.\n", "Windows-1251"),
    "koi8_r": ("Очень хороший фильм.\nМне не понравилось, скучно.\n" * 20, "KOI8-R"),
    "cp1253": ("Πολύ καλή ταινία.\nΔεν μου άρεσε.\n", "Windows-1253"),
    "cp932": ("最高の映画です\nつまらない映画だった\n", "Shift_JIS"),
    "euc_jp": ("最高の映画です\nつまらない映画だった\n", "EUC-JP"),
    "gb18030": ("非常好的电影\n我不喜欢这部电影\n", "GB18030"),
    "cp949": ("정말 좋은 영화\n재미없다\n", "EUC-KR"),
    "utf-16": ("text\nfine\n", "UTF-16"),
    "utf-16-le": ("text\nfine\n", "UTF-16"),
    "utf-32": ("text\nfine\n", "UTF-32"),
}


@pytest.mark.parametrize("codec", TEXTS)
def test_the_encoding_is_named(codec: str) -> None:
    text, name = TEXTS[codec]
    assert likely_encoding(text.encode(codec)) == name


def test_one_foreign_line_among_many_is_enough() -> None:
    lines = ["fine ✓\n".encode()] * 10_000
    assert likely_encoding(b"".join([*lines, "café\n".encode("latin-1")])) == "Windows-1252"


def test_lone_surrogates_are_of_no_encoding() -> None:
    assert likely_encoding("a\ud800".encode("utf-8", "surrogatepass")) is None
