"""The contract of what became of articles: their history, what changed since when, and what outlives a full change."""

from datetime import UTC, datetime

from index.storage.records import Change, Revision
from tests.storage.builders import an_article, put_articles
from tests.storage.stores import on_files

MONDAY, TUESDAY = datetime(2021, 3, 1, 8, 30, tzinfo=UTC), datetime(2021, 3, 2, tzinfo=UTC)


def changes(store, since=0):
    return [(each.article_id, each.sequence, each.removed) for each in store.snapshot().corpus.changes(since)]


def remove(store, *ids):
    with store.write() as writer:
        for article_id in ids:
            writer.remove(article_id)
        return writer.commit()


def test_an_articles_history_comes_back_as_it_was_put(store):
    revisions = (
        Revision(content_hash="one", replaced=MONDAY, lost=("“the bridge is safe” 🙂", "half \ud83d")),
        Revision(content_hash="two", replaced=TUESDAY),
    )
    history = {"stored": MONDAY, "revisions": revisions, "withdrawn": "The Post took it back.", "group": "a0"}
    put_articles(store, [an_article("a", **history), an_article("b")])
    corpus = store.snapshot().corpus
    found = corpus.article("a")
    assert (found.stored, found.revisions) == (MONDAY, revisions)
    assert (found.withdrawn, found.group) == ("The Post took it back.", "a0")
    assert corpus.articles(["a"])["a"] == found
    plain = corpus.article("b")
    assert (plain.stored, plain.revisions, plain.withdrawn, plain.group) == (None, (), None, "")
    put_articles(store, [an_article("a", stored=TUESDAY)])
    assert store.snapshot().corpus.article("a").revisions == ()


def test_each_change_is_told_once_in_order(store):
    put_articles(store, [an_article("b"), an_article("a"), an_article("c")])
    put_articles(store, [an_article("b", "something else")])
    remove(store, "a")
    assert changes(store) == [("c", 1, False), ("b", 2, False), ("a", 3, True)]
    assert changes(store, 2) == [("a", 3, True)]
    assert changes(store, 3) == []
    put_articles(store, [an_article("a")])
    assert changes(store, 2) == [("a", 4, False)]
    assert next(store.snapshot().corpus.changes(3)) == Change(article_id="a", sequence=4)


def test_many_changes_are_streamed(store):
    put_articles(store, [an_article(f"a{n:04}", quotes=()) for n in range(1100)])
    put_articles(store, [an_article(f"b{n:04}", quotes=()) for n in range(600)])
    told = changes(store)
    assert len(told) == 1700
    assert told == sorted(told, key=lambda change: (change[1], change[0]))


def test_an_article_put_again_as_it_was_has_not_changed_but_one_withdrawn_has(store):
    put_articles(store, [an_article("a"), an_article("b")])
    put_articles(store, [an_article("a", quotes=(), attributor=2), an_article("b", withdrawn="Taken back.")])
    assert changes(store) == [("a", 1, False), ("b", 2, False)]


def test_a_full_change_counts_what_it_made_different(store):
    put_articles(store, [an_article("a"), an_article("b"), an_article("c"), an_article("d")])
    remove(store, "d")
    put_articles(store, [an_article("a"), an_article("b", "something else"), an_article("e")], full=True)
    assert changes(store, 1) == [("d", 2, True), ("b", 3, False), ("c", 3, True), ("e", 3, False)]
    assert changes(store)[0] == ("a", 1, False)


def test_going_back_counts_what_it_made_different(store):
    put_articles(store, [an_article("a"), an_article("b"), an_article("c"), an_article("d")])
    put_articles(
        store, [an_article("a"), an_article("b", "something else"), an_article("e"), an_article("f")], full=True
    )
    put_articles(store, [an_article("g")])
    remove(store, "f", "a")
    with store.rollback() as writer:
        sequence = writer.commit()
    assert sequence == 5
    told = [("a", True), ("b", False), ("c", False), ("d", False), ("e", True), ("f", True), ("g", False)]
    assert changes(store, 4) == [(article_id, 5, removed) for article_id, removed in told]


def test_small_values_outlive_a_full_change_and_going_back_but_for_those_of_one_derivation(store):
    with store.write() as writer:
        writer.set_meta("forgotten", "nobody")
        writer.set_meta("versions", "one")
        writer.commit()
    with store.write(full=True) as writer:
        writer.set_meta("versions", "two")
        writer.commit()
    corpus = store.snapshot().corpus
    assert (corpus.meta("forgotten"), corpus.meta("versions"), corpus.meta("report")) == ("nobody", "two", None)
    with store.write() as writer:
        writer.set_meta("forgotten", "somebody")
        writer.commit()
    with store.rollback() as writer:
        writer.commit()
    corpus = store.snapshot().corpus
    assert (corpus.meta("forgotten"), corpus.meta("versions")) == ("somebody", "one")


@on_files
def test_a_full_change_over_a_damaged_library_carries_nothing(store, home, caplog):
    put_articles(store, [an_article("a")])
    (path,) = home.glob("g*/corpus.sqlite")
    path.write_bytes(b"not a library" * 1000)
    for log in home.glob("g*/corpus.sqlite-*"):
        log.unlink()
    put_articles(store, [an_article("b")], full=True)
    assert "Nothing of the index before is carried over" in caplog.text
    assert list(store.snapshot().corpus.article_ids()) == ["b"]
