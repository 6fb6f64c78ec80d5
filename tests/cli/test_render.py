import io

from rich.console import Console

from index.cli import render
from index.model import (
    Answer,
    ArticleCard,
    Citation,
    Group,
    Intent,
    Paragraph,
    Passage,
    Quote,
    QuoteKind,
    ReindexReport,
    Span,
    Speaker,
    Verdict,
)

TEXT = "Ida Holm denied on Monday that the dam was cracked."


def a_quote(**changes: object) -> Quote:
    words = "that the dam was cracked"
    start = TEXT.index(words)
    given = {
        "kind": QuoteKind.INDIRECT,
        "content": (Span(paragraph=2, start=start, end=start + len(words), text=words),),
        "cue": Span(paragraph=2, start=9, end=15, text="denied"),
        "speaker": Speaker(id="p1", name="Ida Holm", role="dam warden"),
        "when": "Monday",
    }
    return Quote(**{**given, **changes})


def a_passage(quote: Quote | None = None, **changes: object) -> Passage:
    given = {
        "score": 1.0,
        "article": ArticleCard(id="dam", title="Dam holds", outlet="Coast Wire"),
        "paragraph": Paragraph(article_id="dam", number=2, text=TEXT),
        "quotes": (quote,) if quote else (),
        "citation": Citation(label="Coast Wire, paragraph 2", url=None, reference="dam#2"),
        "answering": 1 if quote else 0,
    }
    return Passage(**{**given, **changes})


def an_answer(*passages: Passage, **changes: object) -> Answer:
    given = {"question": "q", "intent": Intent.SAID, "understood": "What Ida Holm said", "passages": passages}
    return Answer(**{**given, **changes})


def shown(answer: Answer, **terminal: object) -> str:
    out = io.StringIO()
    console = Console(file=out, highlight=False, markup=False, soft_wrap=True, width=200, **terminal)
    render.show_answer(console, answer)
    return out.getvalue()


def test_a_reported_statement_says_that_its_words_are_the_articles() -> None:
    printed = shown(an_answer(a_passage(a_quote())))
    assert "Ida Holm, dam warden — denied · Monday" in printed
    assert "as reported: that the dam was cracked" in printed


def test_an_uncertain_attribution_is_marked() -> None:
    assert "attribution uncertain" in shown(an_answer(a_passage(a_quote(confidence=0.2))))


def test_a_statement_by_two_names_both() -> None:
    also = (Speaker(id="p2", name="Ben Okoro"),)
    assert "Ida Holm and Ben Okoro, dam warden" in shown(an_answer(a_passage(a_quote(also=also))))


def test_a_statement_without_speaker_says_so() -> None:
    assert "No speaker named" in shown(an_answer(a_passage(a_quote(speaker=None))))


def test_a_verdict_stands_above_the_passages() -> None:
    printed = shown(an_answer(a_passage(a_quote()), verdict=Verdict.WORD_FOR_WORD, intent=Intent.DID_SAY))
    assert printed.index("Yes, word for word.") < printed.index("Ida Holm, dam warden")


def test_nothing_found_gives_reason_and_near_misses() -> None:
    printed = shown(an_answer(reason="Nobody called “Holn” is on record.", did_you_mean=("Ida Holm",)))
    assert "Nobody called “Holn”" in printed
    assert "Did you mean: Ida Holm" in printed


def test_groups_are_headed() -> None:
    printed = shown(an_answer(a_passage(a_quote()), groups=(Group(label="June 2024", passages=(0,)),)))
    assert "June 2024" in printed


def test_a_plain_answer_shows_title_and_paragraph() -> None:
    printed = shown(an_answer(a_passage(), intent=Intent.PLAIN))
    assert "Dam holds" in printed
    assert TEXT in printed


def test_other_outlets_of_a_wire_story_are_named() -> None:
    also = (ArticleCard(id="x", title="t", outlet="The Harwick Times"),)
    assert "also in The Harwick Times" in shown(an_answer(a_passage(a_quote(), also_in=also)))


def test_only_the_number_wears_the_numbers_colour() -> None:
    printed = shown(an_answer(a_passage(a_quote())), force_terminal=True, color_system="standard")
    assert "\x1b[1;36m 1  \x1b[0m\x1b[1mIda Holm\x1b[0m" in printed


def test_a_report_names_failures_and_counts_the_rest() -> None:
    out = io.StringIO()
    report = ReindexReport(sources=("a",), failed=(("x.txt", "empty"),), failures=3, notes=("one note",), articles=1)
    render.show_report(Console(file=out, width=200), report)
    assert "failed: x.txt: empty" in out.getvalue()
    assert "and 2 more" in out.getvalue()
    assert "one note" in out.getvalue()
