import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.ingest.markup import plain


def test_text_without_markup_stays_as_it_is():
    text = "The ferry stops.\n\nNobody knows why: 3 < 4."
    assert plain(text) == text


def test_paragraphs_become_lines():
    assert plain("<p>The ferry\n stops <b>on Monday</b>.</p><p>Nobody knows why.</p>") == (
        "The ferry stops on Monday.\nNobody knows why."
    )
    assert plain("The ferry stops.<br/>Nobody knows why.") == "The ferry stops.\nNobody knows why."


def test_entities_are_resolved_and_markup_that_was_escaped_twice_is_read():
    assert plain("Dunmere &amp; Sons &#8220;hope&#8221;") == "Dunmere & Sons “hope”"
    assert plain("&lt;p&gt;The ferry stops.&lt;/p&gt;&lt;p&gt;Today.&lt;/p&gt;") == "The ferry stops.\nToday."


def test_scripts_figures_and_forms_are_left_out_and_what_follows_them_stays():
    markup = (
        "<p>One.<script>alert('x')</script> Two.</p><figure><img><figcaption>A boat</figcaption></figure>"
        "<!-- note --><p>Three<?php x ?> four.</p><form><button>Sign up</button></form>Five."
    )
    assert plain(markup) == "One. Two.\nThree four.\nFive."


@pytest.mark.parametrize("markup", ["<p>", "<script>never closed", "<p\0>One.", "<!DOCTYPE html><p></p>", "<b>\ud800"])
def test_odd_markup_does_no_harm(markup):
    assert isinstance(plain(markup), str)


@pytest.mark.parametrize("piece", ["<div>", "<a ", "<p", "&lt;", "<b><i>", "</p>", "<!--", "<![CDATA["])
def test_hostile_markup_takes_no_longer_than_its_length_allows(piece):
    start = time.process_time()
    plain("<p>One.</p>" + piece * 100_000)
    assert time.process_time() - start < 12


@given(st.text())
def test_no_text_breaks_it(text):
    plain(text)
    plain(f"<p>{text}</p>")


def test_of_a_text_whose_tags_no_article_has_nothing_is_left():
    assert plain("<p>Open.</p><p " + " ".join(f"a{n}=x" for n in range(40_000)) + ">Closed.</p>") == ""
