"""What a library that only answers does without, since somebody waits for its first answer."""

import json
import subprocess
import sys

from index.storage import open_store
from tests.storage.builders import an_article, put_articles

CODE = """
import json, sys
from pathlib import Path
from index.app import open_library
from index.settings import IndexSettings
library = open_library(IndexSettings(_env_file=None, home=Path(sys.argv[1]), engine="tantivy"))
answer = library.ask("what did Mara Quill say about the bridge?")
print(json.dumps([answer.understood, sorted(sys.modules)]))
"""
HEAVY = {"numpy", "rank_bm25", "trafilatura", "lxml", "feedparser", "ftfy", "index.ingest", "index.text.attribution"}


def test_what_reads_sources_and_what_small_libraries_search_with_is_not_loaded_for_an_answer(tmp_path):
    home = tmp_path / "home"
    store = open_store(home, engine="tantivy")
    put_articles(store, [an_article("a")])
    store.close()
    done = subprocess.run([sys.executable, "-c", CODE, str(home)], capture_output=True, text=True, check=True)
    understood, loaded = json.loads(done.stdout)
    assert "the bridge" in understood
    assert "tantivy" in loaded
    assert HEAVY.isdisjoint(loaded)
