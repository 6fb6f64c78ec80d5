import gc
from datetime import date

from index.app import Library
from index.settings import IndexSettings
from index.storage.embedded.shelf import Shelf
from tests.storage.builders import an_article, put_articles


def test_what_the_first_answer_loaded_is_looked_through_no_more(store, home):
    put_articles(store, [an_article("a")])
    library = Library(IndexSettings(_env_file=None, home=home), store, today=lambda: date(2021, 4, 1))
    before = gc.get_freeze_count()
    try:
        library.ask("what about the bridge?")
        assert gc.get_freeze_count() > before
        once = gc.get_freeze_count()
        library.ask("what about the mayor?")
        assert gc.get_freeze_count() <= once
    finally:
        gc.unfreeze()


def test_the_shelf_lets_go_of_the_article_that_was_not_asked_for_longest():
    shelf = Shelf()
    for n in range(64):
        shelf.put(f"a{n}", 1, (n,), b"text")
    assert shelf.get("a0", 1) == ((0,), b"text")
    shelf.put("a64", 1, (64,), b"text")
    assert shelf.get("a1", 1) is None
    assert shelf.get("a0", 1) == ((0,), b"text")


def test_the_shelf_gives_no_article_that_another_change_wrote():
    shelf = Shelf()
    shelf.put("a", 1, (), b"text")
    assert shelf.get("a", 2) is None
