import json
import time
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.errors import SourceError
from index.ingest.cleaning import clean
from index.ingest.extraction import MAX_PAGE, extract

PAGES = sorted(Path(__file__).parent.joinpath("pages").glob("*.html"))
STORY = [f"The ferry of Harwick made {n} trips in its last week, said Ada Roe, who runs it." for n in range(9)]


def a_page(*paragraphs, head="", title="Harwick ferry to stop", extra=""):
    body = "".join(f"<p>{text}</p>" for text in paragraphs or STORY)
    return f"<html><head>{head}</head><body><article><h1>{title}</h1>{body}{extra}</article></body></html>".encode()


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_of_a_page_in_a_news_sites_style_the_body_is_kept_whole_and_nothing_else(path):
    headline, *body = path.with_suffix(".txt").read_text().strip().split("\n")
    record = extract(path.read_bytes(), f"https://{path.stem}.example/2024/story")
    assert record.title == headline
    article = clean(record, article_id="a").article
    assert [paragraph.text for paragraph in article.paragraphs if paragraph.number] == body


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_nothing_is_lost_that_trafilatura_finds_of_the_body(path):
    import trafilatura

    own = (trafilatura.extract(path.read_bytes(), include_comments=False) or "").split("\n")
    found = extract(path.read_bytes()).text.split("\n")
    body = path.with_suffix(".txt").read_text().strip().split("\n")
    assert {line for line in own if line in body} <= set(found)


def test_what_the_page_says_of_the_article_is_kept():
    by_name = {path.stem: extract(path.read_bytes(), f"https://{path.stem}.example/story") for path in PAGES}
    agency = by_name["agency"]
    assert (agency.outlet, agency.authors) == ("Norrin News Agency", ("Nils Arden",))
    assert (agency.published, agency.language) == ("2024-03-05T14:02:11Z", "en")
    assert by_name["radio"].authors == ("Marta Ellis",)
    assert by_name["liberal"].outlet == "The Westmark Observer"
    assert by_name["tables"].published is None


def test_the_address_that_a_page_gives_for_itself_counts_on_its_own_site_alone():
    head = '<link rel="canonical" href="https://harwick.example/ferry">'
    assert extract(a_page(head=head), "https://www.harwick.example/ferry?utm=1").url == "https://harwick.example/ferry"
    assert extract(a_page(head=head), "https://elsewhere.example/x").url == "https://elsewhere.example/x"
    assert extract(a_page(head=head)).url == "https://harwick.example/ferry"
    assert (
        extract(a_page(head='<meta property="og:url" content="http://[x">'), "https://a.example/").url
        == "https://a.example/"
    )


def test_a_day_in_the_address_counts_when_the_page_has_none():
    assert extract(a_page(), "https://harwick.example/2024/3/05/ferry").published == "2024-03-05"
    dated = a_page(head='<meta name="pubdate" content="when?"><time datetime="2024-02-01">')
    assert extract(dated, "https://harwick.example/2024/3/05/ferry").published == "2024-02-01"
    assert extract(a_page(), "http://[x").published is None


def test_what_is_not_free_to_read_is_left_out():
    closed = '<div class="rest paid"><p>' + "Only subscribers may read this sentence. " * 9 + "</p></div>"
    part = '{"isAccessibleForFree": false, "cssSelector": "article .paid, #more"}'
    head = '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "Harwick ferry to stop", '
    head += '"articleBody": "Only subscribers may read this sentence.", "isAccessibleForFree": false, '
    head += f'"hasPart": {part}}}</script>'
    record = extract(a_page(head=head, extra=closed))
    assert "subscribers" not in record.text
    assert STORY[0] in record.text
    assert "not free" in record.notes[0]
    with pytest.raises(SourceError, match="can't be told from the rest"):
        extract(a_page(head=head.replace("#more", "div:nth-child(2)"), extra=closed))


def test_the_body_that_json_ld_gives_is_taken_where_the_page_shows_none():
    body = "\\n".join(STORY)
    head = '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "Ferry", '
    head += f'"articleBody": "{body}"}}</script>'
    page = f"<html><head>{head}</head><body><div id=app></div></body></html>".encode()
    assert extract(page).text.split("\n") == STORY


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "utf-16", "windows-1251"])
def test_the_encoding_is_what_the_page_or_the_server_says(encoding):
    words = "Борис Ив" if encoding == "windows-1251" else "“Käthe” – Ümit"
    page = a_page(
        *STORY, f"Die Fähre {words} fährt nicht." if words[0] == "“" else f"He is called {words} there, they say."
    )
    declared = page.decode().replace("<head>", f'<head><meta charset="{encoding}">').encode(encoding)
    assert words in extract(declared).text
    assert words in extract(page.decode().encode(encoding), charset=f'"{encoding}"').text
    assert words in extract(declared, charset="no such charset").text


def test_a_charset_that_does_not_fit_is_passed_over():
    assert (
        "“Käthe”" in extract(a_page(*STORY, "Her name was “Käthe”, as it was her mother's."), charset="shift_jis").text
    )


@pytest.mark.parametrize(
    "page",
    [
        b"",
        b"   ",
        b"hello",
        b"\x89PNG\r\n\x1a\n" + b"\0" * 99,
        b"<html></html>",
        b"<html><body><nav><a href=/>Home</a></nav></body></html>",
    ],
)
def test_what_shows_no_article_is_refused_in_words(page):
    with pytest.raises(SourceError):
        extract(page, "https://a.example/")


def test_a_page_that_is_too_long_is_not_read():
    with pytest.raises(SourceError, match="at most 10 MB"):
        extract(b" " * (MAX_PAGE + 1))


@pytest.mark.parametrize(
    "bomb",
    [
        "<div>" * 50_000,
        "<p>x</p>" * 20_000,
        "<table>" + "<tr><td>q</td></tr>" * 9_000,
        "<blockquote>" * 200 + "<p>x</p>" * 20_000,
        "<p>" + "text <b>bold</b> " * 20_000,
        "<a " + "x=1 " * 200_000 + ">",
        "<i>" * 50_000,
        "<form><input>" * 9_000,
    ],
)
def test_no_bomb_takes_long(bomb):
    start = time.process_time()
    with suppress(SourceError):
        assert STORY[0] in extract(a_page(extra=bomb)).text
    assert time.process_time() - start < 20


@pytest.mark.parametrize("attributes", [4_000, 40_000])
def test_a_tag_with_thousands_of_attributes_is_refused_before_it_costs_anything(attributes):
    bomb = "<p " + " ".join(f"a{n}=x" for n in range(attributes)) + ">"
    start = time.process_time()
    with pytest.raises(SourceError, match="more parts"):
        extract(a_page(extra=bomb))
    assert time.process_time() - start < 20


def test_attributes_are_counted_however_quotes_and_brackets_stand_in_their_values():
    bomb = "<p " + " ".join(f"""a{n}='>"<b x="'""" for n in range(12_000)) + ">"
    with pytest.raises(SourceError, match="more parts"):
        extract(a_page(extra=bomb))


def test_more_closed_parts_than_a_page_has_close_the_page():
    selectors = ",".join(f".closed-{n}" for n in range(60))
    told = {"@type": "NewsArticle", "headline": "x", "isAccessibleForFree": False}
    told["hasPart"] = {"isAccessibleForFree": False, "cssSelector": selectors}
    with pytest.raises(SourceError, match="not free to read"):
        extract(a_page(extra=f'<script type="application/ld+json">{json.dumps(told)}</script>'))


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=300) | st.text(alphabet="<>/&;=\"' abpdivscript\n", max_size=300).map(str.encode))
def test_no_bytes_break_it(data):
    for page in (data, a_page(extra=data.decode("utf-8", "replace"))):
        with suppress(SourceError):
            assert extract(page).text
