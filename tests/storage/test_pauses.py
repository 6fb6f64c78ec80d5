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
    articles = [an_article(f"a{n}") for n in range(65)]
    for stored in articles[:64]:
        shelf.put(stored.article.id, stored)
    assert shelf.get("a0", 0) is articles[0]
    shelf.put("a64", articles[64])
    assert shelf.get("a1", 0) is None
    assert shelf.get("a0", 0) is articles[0]
