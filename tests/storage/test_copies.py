"""The contract of signatures and of the groups that copies of one wire story form."""

from index.storage.records import Signature, Unit
from tests.storage.builders import an_article, documents_of, put_articles


def signed(*keys, day=738_000, body=b"body"):
    return Signature(day=day, keys=keys, body=body)


def put(store, **signatures):
    """Puts articles with their signatures, as one change."""
    with store.write() as writer:
        for article_id, signature in signatures.items():
            writer.put(an_article(article_id), [])
            writer.copies().sign(article_id, signature)
        writer.commit()


def near(store, signature, days=3):
    with store.write() as writer:
        return [article_id for article_id, _ in writer.copies().near(signature, days=days)]


def test_a_signature_comes_back_as_it_was_kept(store):
    given = signed(1, 2**32 - 1, body=bytes(range(256)))
    put(store, a=given, b=signed(3, 4))
    with store.write() as writer:
        assert writer.copies().signature("a") == given
        assert writer.copies().signature("nobody") is None
    assert dict.fromkeys(near(store, given)) == {"a": None}


def test_articles_that_share_keys_on_days_near_are_found_the_likeliest_first(store):
    put(
        store,
        alike=signed(1, 2, 3, 4),
        less=signed(1, 2, 8, 9),
        little=signed(1, 7, 8, 9),
        later=signed(1, 2, 3, day=738_003),
        late=signed(1, 2, 3, day=738_004),
        undated=signed(1, 2, 3, day=0),
    )
    assert near(store, signed(1, 2, 3, 4)) == ["alike", "later", "less"]
    assert near(store, signed(1, 2, 3, 4), days=0) == ["alike", "less"]
    assert near(store, signed(1, 2, 3, day=0)) == ["undated"]


def test_a_signature_goes_with_its_article(store):
    put(store, a=signed(1, 2), b=signed(1, 2))
    put(store, a=signed(5, 6))
    assert near(store, signed(1, 2)) == ["b"]
    with store.write() as writer:
        writer.remove("b")
        assert writer.copies().near(signed(1, 2), days=3) == []
        writer.commit()
    put_articles(store, [an_article("a")])
    assert near(store, signed(5, 6)) == []


def test_a_change_that_is_given_up_leaves_signatures_as_they_were(store):
    put(store, a=signed(1, 2))
    with store.write() as writer:
        writer.put(an_article("b"), [])
        writer.copies().sign("b", signed(1, 2))
        writer.remove("a")
        assert [each for each, _ in writer.copies().near(signed(1, 2), days=3)] == ["b"]
    assert near(store, signed(1, 2)) == ["a"]


def test_groups_are_read_with_the_articles_and_torn_when_one_goes(store):
    put(store, a=signed(1, 2), b=signed(1, 2), c=signed(1, 2))
    with store.write() as writer:
        writer.copies().set_groups({"a": "a", "b": "a", "nobody": "a"})
        writer.commit()
    before = store.snapshot().corpus
    assert [before.article(each).group for each in "abc"] == ["a", "a", ""]
    with store.write() as writer:
        copies = writer.copies()
        assert (copies.members("a"), copies.members(""), copies.torn()) == (["a", "b"], [], frozenset())
        assert copies.groups_of(["a", "c", "nobody"]) == {"a": "a", "c": ""}
        writer.remove("a")
        assert (copies.members("a"), copies.torn()) == (["b"], {"a"})
        copies.set_groups({"b": "", "c": "c"})
        writer.commit()
    after = store.snapshot().corpus
    assert {each: stored.group for each, stored in after.articles(["b", "c"]).items()} == {"b": "", "c": "c"}
    assert before.article("b").group == "a"


def test_an_article_of_which_a_later_one_proves_a_copy_is_still_found_once(store):
    put_articles(store, [an_article("a", "marmalade"), an_article("b", "marmalade")])
    late = an_article("c", "marmalade")
    with store.write() as writer:
        writer.put(late, documents_of(late))
        writer.copies().set_groups({"a": "a", "c": "a"})
        writer.commit()
    engine = store.snapshot().engine
    hits = engine.search(Unit.ARTICLE, {"marmalade": 1.0}, boosts={"body": 1.0}, k=9)
    assert sorted(hit.id for hit in hits) == ["a", "b", "c"]
    assert (engine.count(Unit.ARTICLE), engine.df(Unit.ARTICLE, "body", "marmalade")) == (3, 3)
