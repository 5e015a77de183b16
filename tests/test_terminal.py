from lit_plugins.terminal import columns, fit


def test_columns_of_a_terminal():
    assert columns("film") == 4
    assert columns("最高") == 4
    assert columns("café") == columns("cafe\u0301") == 4
    assert columns("👨‍👩‍👧") == columns("👍🏽") == columns("☺️") == columns("🇩🇪") == 2
    assert columns("") == 0


def test_what_does_not_fit_ends_in_an_ellipsis():
    assert fit("wonderful", 9) == "wonderful"
    assert fit("wonderful", 5) == "wond…"
    assert fit("最高の映画", 6) == "最高…"
    assert fit("👍🏽👍🏽👍🏽", 5) == "👍🏽👍🏽…"


def test_a_text_of_characters_without_width_is_kept_whole():
    text = "a" + "\u0301\u200b" * 50_000
    assert fit(text, 1) == text
    assert fit(text + "bc", 2) == text + "…"
