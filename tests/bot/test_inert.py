import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.inert import MARKS_PER_LETTER, clean, cut, escape, unescape, width
from tests.bot.limits import assert_inert, units

HOSTILE = [
    "@everyone and @here",
    "<@123> <@&1> <#2> </ask:3> <id:guide>",
    "[free money](https://evil.example)",
    "https://evil.example/_x_",
    "```py\nprint(1)\n```",
    "||spoiler|| ~~gone~~ **bold** __under__ *i* _i_ `code`",
    "# heading",
    "-# small print",
    "> quoted\n>>> all",
    "- list\n1. list",
    "12) list",
    "<t:1700000000:R>",
    "<:wave:123456789012345678> :wave: :+1:",
    "\u202egnp.exe\u202c \u2066isolated\u2069",
    "a\u200bb\ufeffc\u00add\u2060e",
    "Z" + "\u0351\u0352\u0353\u0354\u0355\u0356" * 20 + "algo",
    "\ud800 lone \ue000 private",
    "a\\*b\\\\*c",
    "\x00\x1b[31mred\u2028next",
    "ㅤ⠀\U000e0041\U000e0042",
]
texts = st.one_of(
    st.sampled_from(HOSTILE),
    st.text(),
    st.text(alphabet="\\*_~|`<>[]()@#:/-+1. \n\u200d\u0301א😀"),
    st.lists(st.sampled_from(HOSTILE)).map(" ".join),
)


@given(texts)
def test_escaped_text_means_nothing_to_discord(text):
    assert_inert(escape(text))


@given(texts)
def test_escaping_keeps_every_visible_character(text):
    assert unescape(escape(text)) == clean(text)


@given(texts, st.integers(min_value=1, max_value=80))
def test_a_cut_text_fits_and_is_a_beginning_with_a_mark(text, room):
    short = escape(text, room)
    assert units(short) <= room
    assert_inert(short)
    plain, whole = unescape(short), clean(text)
    assert plain == whole or (plain.endswith("…") and whole.startswith(plain[:-1]))


@given(texts, st.integers(min_value=1, max_value=80))
def test_a_plain_cut_fits_and_is_a_beginning_with_a_mark(text, room):
    plain, whole = cut(text, room), clean(text)
    assert units(plain) <= room
    assert plain == whole or (plain.endswith("…") and whole.startswith(plain[:-1]))


@given(texts)
def test_clean_text_is_one_line_without_what_the_eye_can_not_see(text):
    plain = clean(text)
    assert plain == clean(plain)
    assert plain == plain.strip()
    assert all(unicodedata.category(c) not in {"Cc", "Cs", "Co", "Cn", "Zl", "Zp"} for c in plain)
    plain.encode()


@given(texts)
def test_width_is_the_larger_way_of_counting(text):
    assert width(text) == sum(2 if c > "\uffff" else 1 for c in text)


def test_towers_of_marks_are_lowered():
    assert len(clean("o" + "\u0351" * 50)) == 1 + MARKS_PER_LETTER


@pytest.mark.parametrize(
    "text", ["naïve café", "Việt Nam", "שָׁלוֹם", "น้ำ", "می‌خواهم", "👩‍⚕️ 🇬🇧", "10:30 – 50% (of 3.5) #tag"]
)
def test_ordinary_writing_is_left_as_it_is(text):
    assert escape(text) == text


def test_a_cut_falls_between_words():
    assert escape("The pier will be closed until Friday", 20) == "The pier will be…"


def test_a_word_longer_than_the_room_is_cut_within():
    assert escape("a" * 100, 10) == "a" * 9 + "…"


def test_a_letter_keeps_its_marks_in_a_cut():
    assert escape("aaaae\u0301bbbb", 6) in {"aaaa…", "aaaae\u0301…"[:6]}
    assert not escape("aaaae\u0301bbbb", 6).endswith("e…")


def test_a_very_long_text_is_cut_at_once():
    assert escape("*" * 20_000, 100).endswith("…")
    assert cut("😀" * 20_000, 100) == "😀" * 49 + "…"
