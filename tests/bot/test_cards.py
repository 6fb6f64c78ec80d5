import os
import unicodedata
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.cards import answer_card, context_card, has_more, whole_of
from bot.charts import alt_of
from bot.inert import clean, cut, unescape
from bot.layouts import Picture
from bot.notices import coverage_card, help_card, report_card, speakers_card, words_card
from bot.passages import passage_text
from index.answer.citations import card
from index.model import (
    Answer,
    Article,
    ArticleCard,
    Citation,
    Coverage,
    Group,
    Intent,
    Paragraph,
    Passage,
    PersonEntry,
    Quote,
    QuoteKind,
    ReindexReport,
    Span,
    Speaker,
    Verdict,
)
from tests.bot.library import BRIDGE, COUNCIL, FERRY, MAREN, OTTO, STORED, a_passage, a_quote, an_answer, an_article
from tests.bot.limits import assert_inert, assert_within_limits, text_of_card
from tests.bot.test_inert import texts

LAYOUTS = ("components", "embeds")
COVERAGE = Coverage(articles=3, paragraphs=9, statements=4, speakers=2, outlets={"The Selby Lamp": 3})


# ---------------------------------------------------------------------------------------------------------------
# What a reader sees


def test_a_direct_statement_keeps_its_marks_and_is_called_verbatim():
    passage = a_passage(FERRY, STORED[0].quotes[0])
    assert passage_text(passage, 1000).split("\n") == [
        "**Maren Holt**, harbour master of Selby Quay",
        "> “Nobody sails tonight, and nobody argues with the sea,”",
        "-# **Verbatim** · *said*, 14 March 2024",
        f"-# The Selby Lamp · 14 March 2024 · [paragraph 1]({passage.citation.url})",
    ]


def test_an_indirect_statement_is_the_articles_sentence_without_marks_of_ours():
    shown = passage_text(a_passage(FERRY, STORED[0].quotes[1], number=2), 1000)
    assert "\n> Holt said that the pier would be closed until the wind drops.\n" in shown
    assert "-# **As reported, not verbatim** · *said*" in shown


def test_a_mixed_statement_says_that_only_the_marked_words_are_verbatim():
    shown = passage_text(a_passage(FERRY, STORED[0].quotes[2], number=2), 1000)
    assert "> Mayor Otto Brandt called the closure “an insult to every visitor” and said he would" in shown
    assert "-# **As reported, verbatim only within the quotation marks** · *called*" in shown


def test_an_article_without_an_address_says_where_to_read_it():
    shown = passage_text(a_passage(BRIDGE, STORED[1].quotes[0]), 1000)
    assert "Council on the bridge · paragraph 1 · read here: `onrecord show bridge#1`" in shown
    assert "⚠️ attribution uncertain" in shown


def test_where_a_button_leads_to_the_article_the_text_need_not():
    made = answer_card(an_answer(a_passage(BRIDGE, STORED[1].quotes[0])))
    assert "onrecord show" not in text_of_card(made)
    assert made.blocks[0].button.item.label == "Read here"


def test_statements_of_one_speaker_stand_under_one_name():
    article = an_article("“One,” Holt said. “Two,” Holt said.")
    quotes = [a_quote(article, 1, "One,"), a_quote(article, 1, "Two,")]
    shown = passage_text(a_passage(article, *quotes), 1000)
    assert shown.count("**Maren Holt**") == 1
    assert "> “One,”" in shown
    assert "> “Two,”" in shown


def test_statements_of_several_speakers_each_stand_under_their_names():
    article = an_article("“One,” Holt and Brandt said. “Two,” Brandt said. “Three,” a clerk said. “Four,” said.")
    quotes = [
        a_quote(article, 1, "One,", also=(OTTO, COUNCIL)),
        a_quote(article, 1, "Two,", speaker=OTTO),
        a_quote(article, 1, "Three,", speaker=None, source="a clerk"),
    ]
    shown = passage_text(a_passage(article, *quotes), 1000)
    assert "**Maren Holt**, harbour master of Selby Quay, **Otto Brandt**, mayor and 1 other" in shown
    assert "\n**Otto Brandt**, mayor\n> “Two,”" in shown
    assert "\n**a clerk**, not named\n> “Three,”" in shown


def test_a_statement_without_speaker_or_source_says_so():
    article = an_article("“One,” it was said.")
    assert passage_text(a_passage(article, a_quote(article, 1, "One,", speaker=None)), 900).startswith(
        "**Speaker not named**"
    )


def test_more_statements_than_are_shown_are_counted():
    article = an_article("“A,” “B,” “C,” “D,” “E,” Holt said.")
    shown = passage_text(a_passage(article, *(a_quote(article, 1, f"{x},") for x in "ABCDE")), 1000)
    assert "2 more statements in this paragraph" in shown


def test_a_split_quotation_shows_that_words_were_left_out():
    article = an_article("“We wait,” Holt said, “for the wind.” “And we watch.”")
    quote = a_quote(article, 1, "We wait,", "for the wind.", "And we watch.")
    assert "> “We wait,” … “for the wind.” “And we watch.”" in passage_text(a_passage(article, quote), 1000)


def test_words_that_run_on_in_the_next_paragraph_are_shown_too():
    article = an_article("“We wait,” Holt said. “It is", "long,” she said.")
    here, there = a_quote(article, 1, "It is"), a_quote(article, 2, "long,", cue=None)
    quote = Quote(kind=QuoteKind.DIRECT, content=here.content + there.content, speaker=MAREN)
    assert "> “It is long,\n" in passage_text(a_passage(article, quote), 1000)


def test_an_indirect_statement_of_another_paragraph_is_shown_as_its_words():
    article = an_article("Holt said that all is well.", "Nothing else.")
    quote = a_quote(article, 1, "that all is well", kind=QuoteKind.INDIRECT)
    assert "> that all is well\n" in passage_text(a_passage(article, quote, number=2), 1000)


def test_sentences_do_not_end_at_abbreviations_and_keep_their_closing_marks():
    article = an_article("It rained. Mr. Holt of the U.S. Navy said that “all is well.” Then he left.")
    quote = a_quote(article, 1, "that “all is well.”", kind=QuoteKind.MIXED)
    assert "\n> Mr. Holt of the U.S. Navy said that “all is well.”\n" in passage_text(a_passage(article, quote), 1000)


def test_a_cue_of_two_words_is_shown_whole():
    article = an_article("All is well, according to Holt.")
    quote = a_quote(article, 1, "All is well", kind=QuoteKind.INDIRECT, cue="according", manner="according to")
    assert "*according to*" in passage_text(a_passage(article, quote), 1000)


def test_a_plan_and_a_statement_of_one_sentence_are_called_reported():
    article = an_article("Holt hopes for calm, and says that it is late.")
    quotes = [
        a_quote(article, 1, "for calm", kind=QuoteKind.INDIRECT, cue="hopes", attitude=True),
        a_quote(article, 1, "that it is late", kind=QuoteKind.INDIRECT, cue="says"),
    ]
    shown = passage_text(a_passage(article, *quotes), 1000)
    assert "-# **As reported, not verbatim** · *hopes, says*" in shown
    assert shown.count("> ") == 1


def test_a_plan_is_not_called_a_statement():
    article = an_article("Holt hopes that the wind drops.")
    quote = a_quote(article, 1, "that the wind drops", kind=QuoteKind.INDIRECT, cue="hopes", attitude=True)
    assert "**A plan or belief, as reported** · *hopes*" in passage_text(a_passage(article, quote), 1000)


def test_a_passage_without_an_answering_statement_is_called_the_articles_words():
    shown = passage_text(a_passage(FERRY, *STORED[0].quotes[1:], number=2, answering=0), 1000)
    assert "-# **The article's words** · quoted here: Maren Holt and Otto Brandt" in shown
    assert "-# **The article's words**\n" in passage_text(a_passage(BRIDGE), 1000)


def test_other_outlets_with_the_same_passage_are_named_or_counted():
    def with_others(*outlets):
        cards = tuple(ArticleCard(id=str(n), title="T", outlet=outlet) for n, outlet in enumerate(outlets))
        return passage_text(a_passage(FERRY, STORED[0].quotes[0], also_in=cards), 1000)

    assert "also in Gull Post and The Bell" in with_others("Gull Post", "The Bell", "The Bell")
    assert "also in 3 outlets" in with_others("A", "B", "C")


@pytest.mark.parametrize("day", ["Thursday", "2024-13-40"])
def test_a_day_is_shown_as_printed_where_it_is_no_date(day):
    quote = a_quote(FERRY, 1, "Nobody sails tonight", when=day)
    assert f"*said*, {day}" in passage_text(a_passage(FERRY, quote), 1000)


def test_side_by_side_each_page_has_its_share_of_every_speaker():
    holt, brandt = a_passage(FERRY, STORED[0].quotes[0]), a_passage(FERRY, STORED[0].quotes[2], number=2)
    groups = (Group(label="Maren Holt", passages=(0, 1, 2)), Group(label="Otto Brandt", passages=(3, 4)))
    answer = an_answer(holt, holt, holt, brandt, brandt, intent=Intent.COMPARE, groups=groups)
    names = [block.text.partition("\n")[0] for block in answer_card(answer, passages=4).blocks]
    assert names == ["**Maren Holt**, harbour master of Selby Quay"] * 2 + ["**Otto Brandt**, mayor"] * 2
    assert len(answer_card(answer, passages=4, start=4).blocks) == 1


def test_over_time_passages_stand_in_order_under_their_periods():
    passage = a_passage(FERRY, STORED[0].quotes[0])
    groups = (Group(label="March 2024", passages=(0, 1)), Group(label="April 2024", passages=(2,)))
    answer = an_answer(passage, passage, passage, intent=Intent.TIMELINE, groups=groups)
    texts = [block.text for block in answer_card(answer).blocks]
    assert [text.startswith("### ") for text in texts] == [True, False, True]
    assert texts[2].startswith("### April 2024\n**Maren Holt**")


def test_what_one_sentence_reports_together_is_shown_once():
    article = an_article("Holt asked for calm and said that it was late.")
    quotes = [
        a_quote(article, 1, "for calm", kind=QuoteKind.INDIRECT, cue="asked"),
        a_quote(article, 1, "that it was late", kind=QuoteKind.INDIRECT, when="Friday"),
    ]
    shown = passage_text(a_passage(article, *quotes), 1000)
    assert shown.count("> Holt asked for calm and said that it was late.") == 1
    assert "*asked, said*, Friday" in shown


def test_what_a_sentence_shown_before_quotes_is_not_shown_again():
    article = an_article("Brandt waited. Holt spoke of the cold, adding “It is late.” Brandt said that he would go.")
    quotes = [
        a_quote(article, 1, "of the cold", kind=QuoteKind.INDIRECT, cue="spoke"),
        a_quote(article, 1, "that he would go", kind=QuoteKind.INDIRECT, speaker=OTTO),
        a_quote(article, 1, "It is late.", cue="adding"),
    ]
    shown = passage_text(a_passage(article, *quotes), 1000)
    assert shown.count("It is late.") == 1
    assert "-# **As reported, verbatim only within the quotation marks** · *spoke, adding*" in shown
    assert "**Otto Brandt**, mayor\n> Brandt said that he would go." in shown


def test_a_colon_is_no_word_for_how_something_was_said():
    article = an_article("Holt: It is late")
    shown = passage_text(a_passage(article, a_quote(article, 1, "It is late", kind=QuoteKind.INDIRECT, cue=":")), 1000)
    assert "-# **As reported, not verbatim**\n" in shown


@pytest.mark.parametrize(
    ("verdict", "words"),
    [
        (Verdict.WORD_FOR_WORD, "**Yes, word for word.**"),
        (Verdict.IN_SUBSTANCE, "**In substance, in other words.**"),
        (Verdict.SAID_BY_OTHER, "**No: somebody else said it.**"),
    ],
)
def test_a_verdict_stands_above_the_passages(verdict, words):
    answer = an_answer(a_passage(FERRY, STORED[0].quotes[0]), verdict=verdict, intent=Intent.DID_SAY)
    assert words in text_of_card(answer_card(answer))


def test_a_verdict_without_passages_stands_before_the_reason():
    answer = an_answer(verdict=Verdict.NOT_FOUND, reason="Nobody is on record with that.")
    assert "**Not on record.** Nobody is on record with that." in text_of_card(answer_card(answer, coverage=COVERAGE))


def test_passages_beyond_the_page_are_counted():
    answer = an_answer(*[a_passage(FERRY, STORED[0].quotes[0])] * 7)
    made = answer_card(answer, passages=3)
    assert "1–3 of 7 passages" in text_of_card(made)
    assert has_more(answer, made)
    assert_within_limits(made)


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "ftp://a.example/x",
        "http://",
        "https://good.example@evil.example/",
        "http://[::1",
        "x" * 900,
    ],
)
def test_an_address_that_is_not_a_plain_web_address_is_no_link(url):
    passage = a_passage(an_article("“One,” Holt said.", url=url))
    assert "](" not in passage_text(passage, 1000)


def test_an_address_can_not_break_out_of_its_link():
    passage = a_passage(an_article("“One,” Holt said.", url="https://a.example/x)(y [z] <w>|\\ü"))
    assert "[paragraph 1](https://a.example/x%29%28y%20%5Bz%5D%20%3Cw%3E%7C%5C%C3%BC#" in passage_text(passage, 1000)


def test_an_address_too_long_with_its_fragment_is_linked_without():
    article = an_article("Word" * 150 + ".", url="https://a.example/x")
    assert "[paragraph 1](https://a.example/x)" in passage_text(a_passage(article), 1000)


def test_a_reference_that_no_button_can_carry_has_none():
    article = an_article("“One,” Holt said.", id="x" * 100)
    assert answer_card(an_answer(a_passage(article))).blocks[0].button is None


def test_help_without_speakers_still_shows_how_to_ask():
    assert "What did the White House say?" in text_of_card(help_card(None, []))


def test_several_of_one_name_are_offered_below_the_passages():
    made = answer_card(
        an_answer(
            a_passage(FERRY, STORED[0].quotes[0]), speaker=MAREN, did_you_mean=("Maren Holt", "Otto Holt", "x" * 99)
        )
    )
    assert made.feet == (f"You may also mean: {'x' * 79}…",)
    assert [button.item.label for button in made.choices] == ["Otto Holt"]


def test_a_report_counts_the_failures_that_it_does_not_list():
    failed = tuple((f"seeds/{n}.txt", "it is empty") for n in range(12))
    report = ReindexReport(sources=("seeds",), added=1, failed=failed, failures=40, notes=("A *note*.",), articles=1)
    shown = text_of_card(report_card(report))
    assert "**40** could not be read:" in shown
    assert "and 32 more" in shown
    assert "-# A \\*note\\*." in shown


def test_a_report_without_failures_lists_none():
    assert "could not" not in text_of_card(report_card(ReindexReport(sources=("seeds",), finished=datetime.now(UTC))))


# ---------------------------------------------------------------------------------------------------------------
# Whatever the text

#: Generated answers; .ci/run asks for 5,000.
MANY = int(os.environ.get("GENERATED_ANSWERS", "150"))
long_texts = st.one_of(texts, st.sampled_from(["word " * 4000, "*" * 20_000, "“" + "ש" * 20_000, "😀" * 9000]))
urls = st.one_of(
    st.none(),
    st.sampled_from(["https://a.example/b", "https://a.example/" + "x" * 700]),
    texts.map("https://e.example/".__add__),
    texts,
)
days = st.sampled_from([None, "2024-02-29", "not a day"])
speakers = st.builds(Speaker, id=st.just("s"), name=texts, role=st.none() | texts)


@st.composite
def passages(draw):
    text = draw(long_texts.filter(bool))
    number = draw(st.integers(0, 300))
    paragraph = Paragraph(article_id="a", number=number, text=text)
    article = Article(
        id=draw(texts), title=draw(texts), outlet=draw(st.none() | texts), url=draw(urls), published=draw(days)
    )
    quotes = []
    for _ in range(draw(st.integers(0, 5))):
        start = draw(st.integers(0, len(text) - 1))
        end = draw(st.integers(start + 1, len(text)))
        span = Span(paragraph=number, start=start, end=end, text=text[start:end])
        cue = Span(paragraph=number, start=0, end=1, text=text[:1])
        quotes.append(
            Quote(
                kind=draw(st.sampled_from(QuoteKind)),
                content=(span,),
                cue=draw(st.sampled_from([None, cue, span])),
                source=draw(st.sampled_from([None, cue])),
                speaker=draw(st.none() | speakers),
                also=tuple(draw(st.lists(speakers, max_size=3))),
                when=draw(st.none() | texts),
                confidence=draw(st.sampled_from([0.1, 0.9])),
            )
        )
    return Passage(
        score=1.0,
        article=replace(card(article), note=draw(st.none() | long_texts)),
        paragraph=paragraph,
        quotes=tuple(quotes),
        answering=draw(st.integers(0, len(quotes))),
        citation=Citation(label="l", url=article.url, reference=f"{article.id}#{number}"),
        also_in=tuple(
            ArticleCard(id="b", title=draw(texts), outlet=draw(texts)) for _ in range(draw(st.integers(0, 3)))
        ),
    )


@st.composite
def answers(draw):
    found = tuple(draw(st.lists(passages(), max_size=7)))
    groups = tuple(Group(label=draw(texts), passages=(n,)) for n in range(len(found))) if draw(st.booleans()) else ()
    return Answer(
        question=draw(texts),
        intent=draw(st.sampled_from(Intent)),
        understood=draw(long_texts),
        passages=found,
        groups=groups,
        verdict=draw(st.none() | st.sampled_from(Verdict)),
        reason=draw(st.none() | long_texts),
        speaker=draw(st.none() | speakers),
        topic=draw(st.none() | texts),
        did_you_mean=tuple(draw(st.lists(long_texts, max_size=7))),
    )


@settings(deadline=None, max_examples=MANY)
@given(
    answers(),
    st.sampled_from(LAYOUTS),
    st.integers(1, 5),
    st.integers(0, 6),
    st.none() | st.integers(1, 2**63 - 1),
    st.booleans(),
    st.none() | long_texts,
)
def test_every_answer_fits_discord_and_is_inert(answer, layout, count, start, key, threads, alt):
    start = min(start, max(len(answer.passages) - 1, 0))
    made = answer_card(answer, coverage=COVERAGE, passages=count, start=start, key=key, threads=threads)
    if answer.intent is Intent.TIMELINE and alt is not None:  # as it is when a picture could be drawn
        chart = {"rows": [cut(alt, 32)], "points": [["2024-01-01", 0, 1]]}
        made = replace(made, picture=Picture(alt=alt_of(answer, chart), png=b"png"))
    if not made.quiet:  # the longest note that a command adds
        made = replace(
            made, feet=(*made.feet, "Looked up by the name “" + "x" * 80 + "” alone: the account may be ...")
        )
    assert_within_limits(made, layout)
    assert_inert(text_of_card(made, layout))
    if answer.found:
        assert any("> " in block.text for block in made.blocks)


@settings(deadline=None, max_examples=40)
@given(answers(), st.sampled_from(LAYOUTS), st.integers(1, 5))
def test_every_page_in_a_thread_fits_discord_and_every_passage_is_on_one(answer, layout, count):
    pages = whole_of(answer, count)
    for page in pages:
        assert_within_limits(page, layout)
        assert_inert(text_of_card(page, layout))
    if answer.found:
        assert sum(len(page.blocks) for page in pages) == len(answer.passages)


@settings(deadline=None, max_examples=MANY)
@given(passages(), st.integers(0, 3000))
def test_quoted_words_are_intact_or_visibly_cut(passage, room):
    shown = [unescape(line[2:]) for line in passage_text(passage, room).split("\n") if line.startswith("> ")]
    whole = bare(passage.paragraph.text)
    said = [bare(span.text) for quote in passage.quotes[: passage.answering] for span in quote.content]
    for words in shown:
        assert all(bare(piece) in whole for piece in words.removesuffix("…").split(" … ")), words
        assert words.endswith("…") or any(each in bare(words) for each in said or [whole])


def bare(text):
    """Cleaned and without marks on letters and joiners, of which a slice of a text can begin with fewer."""
    return "".join(c for c in clean(text) if unicodedata.category(c)[0] != "M" and c not in "\u200c\u200d").strip()


@settings(deadline=None, max_examples=40)
@given(st.lists(texts, min_size=1, max_size=9), texts, st.integers(0, 9), urls, st.sampled_from(LAYOUTS))
def test_every_context_fits_discord_and_is_inert(paragraphs, title, number, url, layout):
    made = context_card(an_article(*paragraphs, title=title, url=url, id=title), number)
    assert_within_limits(made, layout)
    assert_inert(text_of_card(made, layout))


@settings(deadline=None, max_examples=40)
@given(st.lists(speakers, max_size=25), texts, st.sampled_from(LAYOUTS))
def test_every_list_of_speakers_fits_discord_and_is_inert(people, prefix, layout):
    made = speakers_card([PersonEntry(speaker=one, statements=10**7) for one in people], prefix, COVERAGE)
    assert_within_limits(made, layout)
    assert_inert(text_of_card(made, layout))


@settings(deadline=None, max_examples=40)
@given(
    st.lists(st.tuples(long_texts, long_texts), max_size=12), st.lists(long_texts, max_size=5), st.sampled_from(LAYOUTS)
)
def test_every_report_fits_discord_and_is_inert(failed, notes, layout):
    made = report_card(ReindexReport(sources=("a",), failed=tuple(failed), notes=tuple(notes)))
    assert_within_limits(made, layout)
    assert_inert(text_of_card(made, layout))


def test_a_corrected_or_withdrawn_article_says_so_beside_its_source():
    passage = a_passage(FERRY, STORED[0].quotes[0])
    note = "The article was withdrawn on 2 April 2024: *it was wrong*."
    withdrawn = replace(passage, article=replace(passage.article, note=note))
    lines = passage_text(withdrawn, 1000).split("\n")
    assert lines[-1] == "-# ⚠️ The article was withdrawn on 2 April 2024: \\*it was wrong\\*."
    assert lines[:-1] == passage_text(passage, 1000).split("\n")


@pytest.mark.parametrize("layout", LAYOUTS)
def test_words_and_help_fit_discord(layout):
    assert_within_limits(words_card("Something.", title="Title"), layout)
    outlets = {"@everyone " * 30 + str(n): n for n in range(40)}
    coverage = Coverage(articles=9, paragraphs=9, statements=9, speakers=9, outlets=outlets)
    assert_within_limits(coverage_card(coverage), layout)
    assert_inert(text_of_card(coverage_card(coverage), layout))
    assert_within_limits(help_card(COVERAGE, ["a" * 500, "@everyone"]), layout)
