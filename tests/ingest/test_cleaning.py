import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import SourceError
from index.ingest.characters import lines
from index.ingest.cleaning import MAX_PARAGRAPHS
from index.model import Span
from tests.ingest.builders import cleaned, texts

ARTICLE = (
    "Ferry to stop in winter, mayor says\r\n\r\nFerry to stop in winter, mayor says\r\n© Greta Lind\r\n\r\n"
    "Mayor Ida BrockIda Marie BrockFerry fares to rise: council Ten things to do in Elmsworth What is next? MORE will "
    "keep the ferry\xa0in harbour, a spokesman said.\r\n\r\nAdvertisement\r\n\r\n"
    "\u201cIt is too cold,\u201d she\u200b said.\xa0\nCouncillor RoeEdward (Ed) James RoePoll: who wins MORE's view "
    "is\tanother.\n\n\n"
)


def a_span(given, number, words) -> Span:
    text = given.article.paragraph(number).text
    start = text.index(words)
    return Span(paragraph=number, start=start, end=start + len(words), text=words)


def test_an_article_with_every_kind_of_noise_reads_as_its_author_wrote_it():
    given = cleaned(ARTICLE)
    assert texts(given) == {
        0: "Ferry to stop in winter, mayor says",
        1: "Mayor Ida Brock will keep the ferry in harbour, a spokesman said.",
        2: "\u201cIt is too cold,\u201d she said.",
        3: "Councillor Roe's view is another.",
    }
    assert given.article.title == "Ferry to stop in winter, mayor says"
    assert given.article.aliases == (("Ida Brock", "Ida Marie Brock"), ("Roe", "Edward James Roe"))


def test_spans_lead_back_into_the_text_as_it_came():
    given = cleaned(ARTICLE)
    start, end = given.to_raw(a_span(given, 1, "will keep the ferry in harbour"))
    assert ARTICLE[start:end] == "will keep the ferry\xa0in harbour"
    start, end = given.to_raw(a_span(given, 2, "she said"))
    assert ARTICLE[start:end] == "she\u200b said"
    assert ARTICLE.index("Ferry to stop") == given.to_raw(a_span(given, 0, "Ferry"))[0]


def test_a_span_over_removed_residue_comes_in_the_pieces_around_it():
    given = cleaned(ARTICLE)
    span = a_span(given, 1, "Mayor Ida Brock will keep the ferry in")
    pieces = given.raw_pieces(span)
    assert [ARTICLE[a:b] for a, b in pieces] == ["Mayor Ida Brock", " will keep the ferry\xa0in"]
    assert given.to_raw(span) == (pieces[0][0], pieces[1][1])


def test_a_title_that_the_text_does_not_hold_is_paragraph_0_without_an_origin():
    given = cleaned("It was cold.\nIt rained.", title="Weather in Elmsworth")
    assert texts(given) == {0: "Weather in Elmsworth", 1: "It was cold.", 2: "It rained."}
    span = a_span(given, 0, "Weather")
    assert given.to_raw(span) is None
    assert given.raw_pieces(span) == []


@pytest.mark.parametrize(
    ("title", "top"),
    [
        ("Ferry to stop", "Ferry to stop."),
        ("Ferry to stop; Mayor cites cold", "Ferry to stop; "),
        ("Ferry to stop in the N.W.; Mayor cites cold", "Ferry to stop in the N.W.; "),
        ("Ferry to Stop", "FERRY TO STOP"),
        ("Ferry to stop", "Ferry to stop | The Elmsworth Echo"),
        ("Ferry to stop - The Elmsworth Echo", "Ferry to stop"),
        ("Ferry &amp; train to stop", "Ferry &amp; train to stop"),
    ],
)
def test_the_title_is_found_at_the_top_of_the_text_however_it_is_set(title, top):
    given = cleaned(f"{top}\nIt was cold.", title=title)
    assert list(texts(given)) == [0, 1]
    assert given.to_raw(Span(paragraph=0, start=0, end=5, text="Ferry")) == (0, 5)


@pytest.mark.parametrize("top", ["Ferry to stop its crossings in May, when the piers are mended.", "Ferry", "Rain."])
def test_a_first_sentence_that_only_resembles_the_title_is_a_paragraph(top):
    assert list(texts(cleaned(f"{top}\nIt was cold.", title="Ferry to stop"))) == [0, 1, 2]


@pytest.mark.parametrize(
    ("title", "bare"),
    [
        ("Ferry to stop | The Echo", "Ferry to stop"),
        ("Ferry to stop - THE ECHO", "Ferry to stop"),
        ("What became of The Echo", "What became of The Echo"),
        ("The Echo", "The Echo"),
    ],
)
def test_the_outlet_is_no_part_of_the_title(title, bare):
    given = cleaned("It was cold.", title=title, outlet="The Echo")
    assert given.article.title == texts(given)[0] == bare


def test_a_kicker_above_the_headline_follows_it():
    given = cleaned("ELMSWORTH\nFerry to stop\nFerry to stop\nIt was cold.", title="Ferry to stop")
    assert texts(given) == {0: "Ferry to stop", 1: "ELMSWORTH", 2: "It was cold."}


@pytest.mark.parametrize(
    "text",
    [
        "The ferry will not run before May, and nobody knows why, said the mayor on Monday.\nIt was cold.",
        "\u201cNo.\u201d\nThat was all that the mayor said.",
        "One line only",
        "It is long " * 30 + "\nIt was cold.",
        "It rained.\nIt was cold.",
    ],
)
def test_a_text_without_a_headline_begins_at_paragraph_1_and_is_titled_by_its_first_words(text):
    given = cleaned(text)
    assert min(texts(given)) == 1
    assert given.article.title
    assert text.startswith(given.article.title.removesuffix(" …"))
    assert len(given.article.title) <= 82


@pytest.mark.parametrize("top", ["Ferry to stop in the U.S.", "Max Poe Jr. to sue", "Will it stop?", "Mayor: no ferry"])
def test_a_short_first_line_is_a_headline(top):
    assert texts(cleaned(f"{top}\nIt was cold.")) == {0: top, 1: "It was cold."}


def test_a_repeated_first_line_is_a_headline_even_with_a_full_stop():
    line = "The ferry will not run before May, and nobody knows why, said the mayor on Monday."
    assert texts(cleaned(f"{line}\n\n{line}\nIt was cold.")) == {0: line, 1: "It was cold."}


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("a\xa0b", "a b"),
        ("a \u2009\t b", "a b"),
        ("a\u200bb", "ab"),
        ("a \u200b b", "a b"),
        ("soft\xadly", "softly"),
        ("\ufeffa", "a"),
        ("a\x00\x1bb", "ab"),
        ("Caf\u00c3\u00a9", "Café"),
        ("don\u00e2\u20ac\u2122t", "don’t"),
        ("\u00e2\u20ac\u0153Hi\u00e2\u20ac\u009d", "“Hi”"),
        ("Pe\u00c3\u0083\u00c2\u00b1a", "Peña"),
        ("Cafe\u0301", "Café"),
        ("Q&amp;A &quot;x&quot;&nbsp;&nbsp;y", 'Q&A "x" y'),
        ("a&#10;b&#8217;s&bogus;", "a b’s&bogus;"),
        ("AT&T; and R&D;", "AT&T; and R&D;"),
        ("“é” – É… naïve", "“é” – É… naïve"),
        ("👩\u200d🚒 می\u200cخواهم", "👩\u200d🚒 می\u200cخواهم"),
    ],
)
def test_characters_are_repaired(raw, clean):
    assert [line.text for line in lines(raw)] == [clean]


@pytest.mark.parametrize("line_break", ["\n", "\r\n", "\r", "\n\n", "\r\n\r\n\r\n", "\u2028", "\x0b", "\x85", " \n \n"])
def test_every_line_break_ends_a_paragraph(line_break):
    assert [line.text for line in lines(f"one{line_break}two")] == ["one", "two"]


@pytest.mark.parametrize("line_break", ["", "\n"])
def test_a_text_riddled_with_controls_is_refused(line_break):
    with pytest.raises(SourceError, match="riddled"):
        cleaned(("a\x01" * 30_000 + line_break) * 4)


WRAPPED = """Ferry to stop in winter

The ferry between the two halves of the town will not run
this winter, the mayor said on Tuesday, because nobody will
row in the cold.

The council had asked for a boat with a roof, and for two
men to steer it. It got neither, and one of its members
said so.

"We were promised a roof," she said.
"""


def test_the_lines_of_a_wrapped_text_are_joined_and_lead_back():
    given = cleaned(WRAPPED)
    assert list(texts(given)) == [0, 1, 2, 3]
    span = a_span(given, 1, "will not run this winter")
    start, end = given.to_raw(span)
    assert WRAPPED[start:end] == "will not run\nthis winter"
    assert given.raw_pieces(span) == [(start, end)]


@pytest.mark.parametrize(
    "text",
    [
        WRAPPED.replace("\n\n", "\n"),
        WRAPPED.replace("this winter,", "this winter " + "and long " * 20),
        "Top\n\n" + "The first of the lines that end a sentence.\n" * 9,
        "States\n\n" + "Maryland\nOhio\n" * 9,
        "Top\n\nOne line of some length that has no full stop\nand another one",
    ],
)
def test_lines_that_are_paragraphs_are_not_joined(text):
    assert len(texts(cleaned(text))) == len([line for line in text.splitlines() if line])


def test_an_article_made_of_furniture_keeps_its_lines():
    assert texts(cleaned("Read more\nAdvertisement")) == {0: "Read more", 1: "Advertisement"}


@pytest.mark.parametrize("text", ["\u200b\n\x00", "\x01"])
def test_a_text_of_nothing_visible_is_refused(text):
    with pytest.raises(SourceError, match="nothing that can be read"):
        cleaned(text)


def test_a_text_of_too_many_lines_is_refused():
    with pytest.raises(SourceError, match="50,000 lines"):
        cleaned("a\n" * (MAX_PARAGRAPHS + 1))


@pytest.mark.parametrize(
    "prose",
    [
        "The mayor wants MORE ferries, and the ferrymen want MORE pay.",
        "McDonald McDonald and MacRoe asked for MORE.",
        "YouTubeTube asked for MORE time",
        "JoanneJoe Roe asked for MORE time",
    ],
)
def test_prose_that_only_resembles_residue_is_not_touched(prose):
    assert texts(cleaned(prose)) == {1: prose}


@pytest.mark.parametrize(
    ("raw", "clean", "aliases"),
    [
        (
            "Mitch RoeAddison (Mitch) Mitchell RoePoll: MORE (R-Ky.) left",
            "Mitch Roe (R-Ky.) left",
            "Addison Mitchell Roe",
        ),
        ("Jeb RoeJohn Ellis RoeFive things MORE left", "Jeb Roe left", "John Ellis Roe"),
        ("Ann RoeAnn RoeFive things MORE left", "Ann Roe left", None),
        ("Ed RoeEdward Ellis Roe Jr.Five things MORE, who left", "Ed Roe, who left", "Edward Ellis Roe Jr."),
        ("Beth O'RoeElizabeth (Beth) O'Roe MORE left", "Beth O'Roe left", "Elizabeth O'Roe"),
        ("Bo van RoeRobert (Bo) van RoeFive MORE left", "Bo van Roe left", "Robert van Roe"),
        ("Al DeRoeAlbert DeRoeMORE, who left", "Al DeRoe, who left", "Albert DeRoe"),
        ("Sue RoeSue RoeRoe: it is on MORE's plan", "Sue Roe's plan", None),
        ("Ada RoeAda Eve RoeIn MORE and Ida PoeIda Eve PoeOn MORE left", "Ada Roe and Ida Poe left", "Ada Eve Roe"),
    ],
)
def test_residue_of_links_is_cut_and_the_longer_name_kept(raw, clean, aliases):
    given = cleaned(raw)
    assert texts(given) == {1: clean}
    assert [full for _, full in given.article.aliases][:1] == ([aliases] if aliases else [])
    assert all(name in clean for name, _ in given.article.aliases)


def test_the_language_is_the_records_or_told_from_the_text():
    assert cleaned("Das ist kurz.", language="de").article.language == "de"
    assert cleaned("Der Rat und die Stadt sind nicht für den Plan, das ist mit dem Amt so.").article.language == "de"
    assert cleaned("The council and the town are not for it, that is what they said to us.").article.language == "en"


def test_the_content_hash_follows_what_attribution_reads_and_nothing_else():
    one = cleaned("Top\nAda Roe said so.", url="https://example.org/1", outlet="Echo").article
    same = cleaned("Top\r\n\r\nAda  Roe said so.\u200b", outlet="Herald").article
    other = cleaned("Top\nAda Roe said no.").article
    assert one.content_hash == same.content_hash != other.content_hash


noise = st.sampled_from(
    ["\n", "\r\n", "\xa0", "\u200b", " ", "\t", "&amp;", "Caf\u00c3\u00a9", "e\u0301", "\x07", "Advertisement\n",
     "Ada RoeAda Eve RoePoll: MORE", "said", "Ada", "\u201cYes,\u201d", ".", "MORE", "\ufeff", "Read more\n"]
)  # fmt: skip


@given(st.data(), st.lists(noise | st.text(max_size=5), min_size=1, max_size=25).map("".join))
def test_cleaning_the_raw_words_of_a_span_gives_the_span(data, text):
    try:
        given = cleaned(text)
    except SourceError:
        return
    for paragraph in given.article.paragraphs:
        start = data.draw(st.integers(0, len(paragraph.text) - 1))
        end = data.draw(st.integers(start + 1, len(paragraph.text)))
        span = Span(paragraph=paragraph.number, start=start, end=end, text=paragraph.text[start:end])
        pieces = given.raw_pieces(span)
        assert all(0 <= a < b <= len(text) for a, b in pieces)
        assert given.to_raw(span) == (pieces[0][0], pieces[-1][1])
        whole = Span(paragraph=paragraph.number, start=0, end=len(paragraph.text), text=paragraph.text)
        again = " ".join(line.text for a, b in given.raw_pieces(whole) for line in lines(text[a:b]))
        assert again.replace(" ", "") == paragraph.text.replace(" ", "")


@pytest.mark.parametrize(
    "text",
    ["x" * 4_000_000, "A" * 400_000, "MORE " * 80_000, "RoeRoe " * 60_000 + "MORE", "\u00c3\u00a9" * 200_000,
     "a" + " \xa0" * 200_000, "e\u0301" * 50_000, "&amp;" * 50_000, ("Getty " * 49 + "\n") * 2_000, "(" * 1_000_000,
     ("A, " * 99 + "x\n") * 1_000, ("Sign up for our " * 18 + "\n") * 1_000, "Ada RoeAda Eve RoePoll MORE " * 9_000],
)  # fmt: skip
def test_hostile_text_is_cleaned_in_linear_time(text):
    began = time.process_time()
    cleaned(text)
    assert time.process_time() - began < 20  # a quadratic reading takes minutes


def test_a_broken_encoding_in_two_parts_is_repaired() -> None:
    from index.ingest.characters import repaired

    assert repaired("Mun\u0303oz met Pen\u0303a, not PeA\u0303±a") == "Muñoz met Peña, not Peña"
    assert repaired("the cafe\u0301” closed") == "the café” closed"
