import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.ingest.files import Files
from index.ingest.markdown import read_markdown

ARTICLE = """---
title: "Ferry: the \\"last\\" boat"
date: 2024-03-05T08:00:00Z
authors:
  - Nils Arden
  - Max Poe
publisher: The Harwick Times
tags: [sea, boats]
draft: false
---

# The last boat #

The ferry **stops** on _Monday_, the
operator [said](https://a.example/x "title") in a note.[^1]

> “We tried,” said Ada Roe.

![A boat](boat.jpg)

- The doctor will *fly*.
- Nobody rows &amp; nobody swims.

```
code = 1
```

<p>It cost \\$5 in 1968.</p>

[^1]: https://a.example/note
[x]: https://a.example
***
"""


def test_front_matter_gives_the_fields_and_the_body_plain_paragraphs():
    fields, text = read_markdown(ARTICLE)
    assert fields == {
        "title": 'Ferry: the "last" boat',
        "published": "2024-03-05T08:00:00Z",
        "authors": ["Nils Arden", "Max Poe"],
        "outlet": "The Harwick Times",
    }
    assert text.split("\n\n") == [
        "The last boat",
        "The ferry stops on Monday, the operator said in a note.",
        "“We tried,” said Ada Roe.",
        "The doctor will fly.",
        "Nobody rows & nobody swims.",
        "It cost $5 in 1968.",
    ]


def test_toml_front_matter_and_lists_in_a_line_are_read():
    fields, text = read_markdown("+++\ntitle = 'Ferry'\nauthors = [\"Ada Roe\", 'Max Poe']\n+++\nThe ferry stops.")
    assert fields == {"title": "Ferry", "authors": ["Ada Roe", "Max Poe"]}
    assert text == "The ferry stops."


@pytest.mark.parametrize(
    "text", ["The ferry stops.", "---\ntitle: Ferry\nThe ferry stops.", "Sails & oars: 2 * 3 * 4 snake_case_word."]
)
def test_a_text_without_front_matter_is_all_text(text):
    fields, found = read_markdown(text)
    assert fields == {}
    assert found.split()[-2:] == text.split()[-2:]


def test_a_markdown_file_is_an_article(tmp_path):
    (tmp_path / "ferry.md").write_text(ARTICLE)
    (tmp_path / "README.md").write_text("# Notes")
    (entry,) = Files(tmp_path).read()
    assert (entry.article_id, entry.found.title, entry.found.published) == (
        "ferry",
        'Ferry: the "last" boat',
        "2024-03-05T08:00:00Z",
    )
    assert entry.found.authors == ("Nils Arden", "Max Poe")


@pytest.mark.parametrize("piece", ["[", "*", "_", "![", "`", "> ", "# ", "- ", "[a](", "<", "\\", "***", "- - "])
def test_hostile_markdown_takes_no_longer_than_its_length_allows(piece):
    start = time.process_time()
    read_markdown(piece * 20_000 + "\n" + (piece + "\n") * 20_000)
    assert time.process_time() - start < 4


@given(st.text())
def test_no_text_breaks_it(text):
    read_markdown(text)
    read_markdown(f"---\n{text}\n---\n{text}")
