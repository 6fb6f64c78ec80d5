import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.ingest.jsonld import described_by, described_in, is_json_ld
from index.ingest.records import record_from

ARTICLE = {
    "@context": "https://schema.org",
    "@type": "NewsArticle",
    "headline": "Harwick&#39;s ferry to stop",
    "articleBody": "The ferry stops on Monday.\n\n“We tried,” said Ada Roe.",
    "datePublished": "2024-03-05T08:00:00+01:00",
    "dateModified": "2024-03-06T08:00:00+01:00",
    "author": [{"@type": "Person", "name": "Max Poe"}, {"@type": "Person", "name": ["Ida Low", "Jo Fen"]}],
    "publisher": {"@type": "Organization", "name": "The Harwick Times", "logo": {"@type": "ImageObject"}},
    "url": "https://harwick.example/ferry",
    "inLanguage": "en-GB",
}


def page(*values, raw=None):
    scripts = [raw] if raw is not None else [json.dumps(value) for value in values]
    tags = "".join(f'<script type="application/ld+json">{script}</script>' for script in scripts)
    return f"<html><head><script>var x = 1;</script>{tags}</head><body><p>The page</p></body></html>"


def test_a_page_tells_of_its_article():
    found = described_by(page(ARTICLE))
    assert found is not None
    record = record_from(found.fields(), item="page")
    assert record.title == "Harwick's ferry to stop"
    assert record.text == "The ferry stops on Monday.\n\n“We tried,” said Ada Roe."
    assert record.authors == ("Max Poe", "Ida Low", "Jo Fen")
    assert (record.outlet, record.url) == ("The Harwick Times", "https://harwick.example/ferry")
    assert (record.published, record.language) == ("2024-03-05T07:00:00Z", "en")
    assert (found.free, found.modified) == (None, "2024-03-06T08:00:00+01:00")


@pytest.mark.parametrize(
    "wrapped",
    [
        [ARTICLE],
        {"@context": "https://schema.org", "@graph": [{"@type": "WebSite", "name": "Harwick"}, ARTICLE]},
        {"@type": "WebPage", "mainEntity": ARTICLE},
        ARTICLE | {"@type": ["WebPage", "http://schema.org/ReportageNewsArticle"]},
        [[ARTICLE], "stray", None, 3],
    ],
)
def test_the_article_is_found_wherever_it_stands(wrapped):
    found = described_by(page({"@type": "BreadcrumbList"}, wrapped))
    assert found is not None
    assert found.title == "Harwick's ferry to stop"


def test_names_that_stand_elsewhere_in_the_graph_are_looked_up():
    graph = [
        {
            "@type": "Article",
            "headline": "Ferry",
            "author": {"@id": "#poe"},
            "publisher": {"@id": "#times"},
            "mainEntityOfPage": {"@id": "#page"},
        },
        {"@type": "Person", "@id": "#poe", "name": "Max Poe"},
        {"@type": "Organization", "@id": "#times", "name": "The Harwick Times"},
        {"@type": "WebPage", "@id": "#page", "url": "https://harwick.example/ferry"},
    ]
    found = described_by(page({"@graph": graph}))
    assert found is not None
    assert (found.authors, found.outlet) == (("Max Poe",), "The Harwick Times")
    assert found.fields()["url"] == "https://harwick.example/ferry"


def test_of_several_articles_the_one_with_the_pages_address_is_meant():
    other = ARTICLE | {"headline": "Another", "url": "https://harwick.example/other"}
    assert described_by(page(other, ARTICLE), url="http://www.harwick.example/ferry/?utm=1").title != "Another"
    assert described_by(page(other, ARTICLE), url="https://harwick.example/other").title == "Another"
    assert described_by(page(other, {"@type": "Article", "headline": "Teaser"})).title == "Another"


@pytest.mark.parametrize("said", [False, "False", "false", "http://schema.org/False", {"@value": "False"}])
def test_a_body_that_is_not_free_is_left_out(said):
    found = described_by(page(ARTICLE | {"isAccessibleForFree": said}))
    assert (found.free, found.text) == (False, "")
    assert found.title == "Harwick's ferry to stop"


def test_the_parts_behind_a_paywall_are_named():
    part = {"@type": "WebPageElement", "isAccessibleForFree": "False", "cssSelector": [".paid", "#rest"]}
    found = described_by(page(ARTICLE | {"hasPart": [part, {"isAccessibleForFree": True, "cssSelector": ".open"}]}))
    assert (found.free, found.closed, found.text) == (False, (".paid", "#rest"), "")
    found = described_by(page(ARTICLE | {"isAccessibleForFree": "True"}))
    assert found.free is True
    assert found.text


def test_an_article_that_was_taken_back_says_so():
    assert described_by(page(ARTICLE | {"creativeWorkStatus": "Withdrawn"})).withdrawn
    assert described_by(page(ARTICLE | {"creativeWorkStatus": "Published"})).withdrawn is None


def test_a_body_with_markup_becomes_paragraphs():
    found = described_by(page(ARTICLE | {"articleBody": "<p>The ferry stops.</p><p>It is old.</p>"}))
    assert found.text == "The ferry stops.\nIt is old."


@pytest.mark.parametrize(
    "raw",
    [
        "<!-- " + json.dumps(ARTICLE) + " -->",
        "//<![CDATA[\n" + json.dumps(ARTICLE) + "\n//]]>",
        json.dumps(ARTICLE) + " ;",
        json.dumps(ARTICLE).replace('"', "&quot;"),
        json.dumps(ARTICLE).replace("\\n\\n", "\n\t"),
    ],
)
def test_json_that_is_written_loosely_is_read(raw):
    assert described_by(page(raw=raw)).title == "Harwick's ferry to stop"


@pytest.mark.parametrize(
    "raw",
    [
        "",
        "{",
        "null",
        "3",
        '"NewsArticle"',
        "[" * 200_000,
        '{"@graph":' * 100_000,
        '{"@type": "NewsArticle", "x": ' + "9" * 10_000 + "}",
        json.dumps({"@type": 7, "@graph": {"@graph": [None, [], {}]}}),
    ],
)
def test_what_is_no_article_is_none(raw):
    assert described_by(page(raw=raw)) is None


@pytest.mark.parametrize(
    "odd", [None, 7, True, [], {}, [[]], [{}], [None, 3], {"name": {"name": []}}, "", " ", {"@list": 3}]
)
def test_odd_values_are_left_out(odd):
    given = dict.fromkeys([*ARTICLE, "hasPart", "isAccessibleForFree", "mainEntityOfPage", "creativeWorkStatus"], odd)
    found = described_by(page(given | {"@type": "NewsArticle"}))
    assert found is not None
    assert {name for name, value in found.fields().items() if value} <= set()


def test_a_script_that_never_ends_and_scripts_without_end_are_bounded():
    assert described_by('<script type="application/ld+json">{') is None
    many = page(*[{"@type": "WebSite"}] * 60, ARTICLE)
    assert described_by(many) is None
    assert described_by(page(ARTICLE | {"x": "y" * 6_000_000})) is None


def test_hostile_pages_take_no_longer_than_their_length_allows():
    start = time.process_time()
    described_by("<script " * 200_000)
    described_by("<script type=application/ld+json>" * 20_000)
    described_by(page(raw=" " * 1_000_000 + "x"))
    described_by(page([{"@type": "NewsArticle", "author": [{"name": ["x"] * 50}] * 50}] * 300))
    assert time.process_time() - start < 20


def test_a_file_may_hold_many_articles():
    items = [{"@type": "ListItem", "item": ARTICLE | {"headline": f"Piece {n}"}} for n in range(3)]
    found = described_in({"@type": "ItemList", "itemListElement": items})
    assert [one.title for one in found] == ["Piece 0", "Piece 1", "Piece 2"]
    assert described_in({"@type": "Recipe"}) == []


def test_json_ld_is_told_from_other_json():
    assert is_json_ld(ARTICLE)
    assert is_json_ld([ARTICLE])
    assert is_json_ld({"@graph": []})
    assert not is_json_ld({"uri": "x"})
    assert not is_json_ld([])


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from([*ARTICLE, "@graph", "@id", "name", "hasPart", "cssSelector"]), inner, max_size=4
        )
    ),
    max_leaves=20,
)


@given(json_values)
def test_no_value_breaks_it(value):
    for one in described_in([value, {"@type": "NewsArticle", "headline": value, "author": value, "hasPart": value}]):
        assert isinstance(one.fields(), dict)


def test_names_that_refer_to_one_long_thing_again_and_again_cost_little():
    """A thousand of these would be read a million times."""
    person = {"@id": "a", "@type": "Person", "name": ["Ada Roe", *["<b>" * 3_000] * 19]}
    story = {"@type": "NewsArticle", "headline": "x", "author": [{"@id": "a"}] * 50, "publisher": [{"@id": "a"}] * 50}
    start = time.process_time()
    (*_, last) = described_in({"@graph": [person, *[story] * 100]})
    assert last.authors == ("Ada Roe",)
    assert time.process_time() - start < 10
