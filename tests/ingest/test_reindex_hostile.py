import json
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.ingest.reindex import reindex
from index.storage import open_store

odd_text = st.text(max_size=30) | st.sampled_from(
    [
        "\ud800",
        "\0",
        "#1",
        "a#2",
        "../../x",
        "a:b",
        "x~abc123",
        " ",
        "%s",
        "'; DROP TABLE articles; --",
        "\u202e",
        "\u00c3\u00a9",
    ]
)
sentences = st.sampled_from(
    ["“No,” Ada Roe said. ", "She said it rained.\n", "Ada RoeAda Eve RoePoll MORE left. ", "Top\n\n"]
)
records = st.fixed_dictionaries(
    {"text": st.lists(sentences | odd_text, min_size=1, max_size=6).map("".join)},
    optional=dict.fromkeys(
        ("id", "title", "outlet", "url", "published", "language"), odd_text | st.none() | st.integers()
    ),
)
lines = records.map(lambda record: json.dumps(record).encode()) | st.binary(max_size=40).map(
    lambda data: data.replace(b"\n", b"").replace(b"\r", b"") or b"-"
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(lines, min_size=1, max_size=6))
def test_whatever_stands_in_a_file_is_stored_truly_or_told(given_lines):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "news.jsonl")
        path.write_bytes(b'{"text": "The first line is sound."}\n' + b"\n".join(given_lines) + b"\n")
        store = open_store(Path(folder, "home"))
        report = reindex(store, [str(path)])
        blank = sum(not line.strip() for line in given_lines)
        assert report.added + report.failures == 1 + len(given_lines) - blank
        corpus = store.snapshot().corpus
        for article_id in corpus.article_ids():
            stored = corpus.article(article_id)
            for quote in stored.quotes:
                for span in (*quote.content, *filter(None, (quote.cue, quote.source))):
                    paragraph = stored.article.paragraph(span.paragraph)
                    assert paragraph.text[span.start : span.end] == span.text
        again = reindex(store)
        assert (again.unchanged, again.failures) == (report.added, report.failures)
        assert again.added == again.changed == again.removed == 0
        store.close()
