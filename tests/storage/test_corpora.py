"""The contract of a corpus: what was put comes back as it was, and a snapshot stays as it is."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from index.errors import EmptyLibrary, LibraryBusy, StoreError
from index.model import Coverage, SpeakerKind
from index.storage.records import Mention, SourceState, StoredItem, Unit
from tests.storage.builders import a_person, a_quote, a_speaker, a_text, an_article, documents_of, put_articles


def test_an_article_comes_back_as_it_was_put(store):
    quill = a_speaker(role="mayor", aliases=("Ms. Quill",))
    ferro = a_speaker("Ferro & Sons", kind=SpeakerKind.ORGANISATION)
    stored = an_article(
        "a",
        "“the bridge will open”\u00a0🙂 the mayor said",
        "nobody said more",
        quotes=[
            a_quote("“the bridge will open”", speaker=quill, also=(ferro,)),
            a_quote("nobody", paragraph=2, attitude=True),
        ],
        raw='{"text": "“raw” \\ud83d", "more": [1, 2]}',
    )
    sequence = put_articles(store, [stored])
    found = store.snapshot().corpus.article("a")
    assert (found.article, found.quotes, found.raw) == (stored.article, stored.quotes, stored.raw)
    assert (found.source, found.item, found.raw_hash, found.attributor) == ("papers", "a", "raw a", 1)
    assert (found.sequence, found.damage) == (sequence, None)


def test_text_with_half_a_character_comes_back_too(store):
    stored = an_article("a", "half \ud83d here", outlet="\ud83d", raw="\ud83d")
    put_articles(store, [stored])
    found = store.snapshot().corpus.article("a")
    assert (found.article, found.raw) == (stored.article, stored.raw)


def test_several_articles_are_read_at_once_and_absent_ones_left_out(store):
    put_articles(store, [an_article(f"a{n}") for n in range(1200)])
    corpus = store.snapshot().corpus
    found = corpus.articles([*(f"a{n}" for n in range(1100)), "absent", "a1"])
    assert len(found) == 1100
    assert found["a7"].article.id == "a7"
    assert list(corpus.article_ids()) == sorted(f"a{n}" for n in range(1200))
    assert corpus.article("absent") is None


def test_articles_read_again_are_those_of_the_newest_state(store):
    for version in range(3):
        put_articles(store, [an_article("a", f"version {version}"), an_article("b")], full=version == 2)
        for _ in range(2):
            found = store.snapshot().corpus.articles(["a", "b"])
            assert found["a"].article.paragraphs[1].text == f"version {version}"
    put_articles(store, [an_article(f"x{n}") for n in range(600)])
    for _ in range(2):
        assert len(store.snapshot().corpus.articles(f"x{n}" for n in range(600))) == 600


def test_what_a_sources_items_became_is_told(store):
    put_articles(store, [an_article("a", item="1"), an_article("b", item="2"), an_article("c", source="other")])
    corpus = store.snapshot().corpus
    assert corpus.items("papers") == {
        "1": StoredItem(article_id="a", raw_hash="raw a", attributor=1),
        "2": StoredItem(article_id="b", raw_hash="raw b", attributor=1),
    }
    assert corpus.items("absent") == {}


def test_sources_keep_their_order_and_are_replaced(store):
    first = SourceState(
        name="/papers", kind="folder", articles=3, statements=9, last_success=datetime(2021, 3, 4, tzinfo=UTC)
    )
    second = SourceState(
        name="https://example.org/feed",
        kind="feed",
        last_error="it can't be reached",
        title="The Example",
        address="https://example.org/news",
        etag='"a"',
        last_modified="Thu, 04 Mar 2021 10:00:00 GMT",
        last_poll=datetime(2021, 3, 4, 10, tzinfo=UTC),
        next_poll=datetime(2021, 3, 4, 11, tzinfo=UTC),
        interval=3600.0,
        failures=2,
        failing_since=datetime(2021, 3, 4, 9, tzinfo=UTC),
    )
    with store.write() as writer:
        writer.set_sources([second])
        writer.set_sources([first, second])
        writer.commit()
    assert store.snapshot().corpus.sources() == (first, second)


def test_small_values_are_kept(store):
    with store.write() as writer:
        writer.set_meta("report", "one")
        writer.set_meta("report", "two")
        writer.commit()
    corpus = store.snapshot().corpus
    assert (corpus.meta("report"), corpus.meta("absent")) == ("two", None)


def test_coverage_counts_what_is_there(store):
    put_articles(
        store,
        [
            an_article("a", published="2021-03-04", quotes=[a_quote(), a_quote(attitude=True)]),
            an_article("b", "one", "two", published="2020-01-02T08:30:00Z", outlet="The Mail", quotes=[]),
            an_article("c", published=None, outlet=None),
        ],
    )
    assert store.snapshot().corpus.coverage() == Coverage(
        articles=3,
        paragraphs=7,
        statements=2,
        speakers=0,
        first_day=date(2020, 1, 2),
        last_day=date(2021, 3, 4),
        outlets={"The Harrowby Post": 1, "The Mail": 1},
    )


def test_mentions_tell_who_speaks_in_which_article_by_key(store):
    vague = a_speaker("Mara Quill", article_id="b")
    told = a_speaker("Mara Quill", article_id="b", role="mayor", aliases=("Quill",))
    other = a_speaker("an aide", article_id="b", kind=SpeakerKind.UNNAMED)
    quotes = [a_quote(speaker=vague), a_quote(speaker=told, also=(other,)), a_quote(speaker=told, attitude=True)]
    put_articles(store, [an_article("b", quotes=quotes), an_article("a"), an_article("c", quotes=[a_quote()])])
    mentions = list(store.snapshot().corpus.mentions())
    assert [m.key for m in mentions] == ["a:mara-quill", "b:an-aide", "b:mara-quill"]
    assert mentions[2] == Mention(
        key="b:mara-quill",
        article_id="b",
        name="Mara Quill",
        kind=SpeakerKind.PERSON,
        role="mayor",
        aliases=("Quill",),
        day=date(2021, 3, 4),
        statements=2,
    )


def test_a_writer_sees_the_mentions_that_its_change_would_make(store):
    put_articles(store, [an_article("a"), an_article("b")])
    with store.write() as writer:
        writer.remove("a")
        stored = an_article("c", speaker=a_speaker("Tom Day", article_id="c"))
        writer.put(stored, documents_of(stored))
        assert [m.key for m in writer.mentions()] == ["b:mara-quill", "c:tom-day"]


def test_a_change_tells_which_families_it_touches_and_reads_only_those(store):
    def put(writer, article_id, *speakers):
        people = [a_speaker(name, article_id=article_id) for name in speakers]
        stored = an_article(article_id, quotes=[a_quote(speaker=person) for person in people])
        families = {person.id: person.name.split()[-1].lower() for person in people}
        writer.put(stored, documents_of(stored), families=families)

    with store.write() as writer:
        put(writer, "a", "Mara Quill", "Tom Day")
        put(writer, "b", "Ann Quill", "Ada Nowak")
        assert writer.touched() == {"quill", "day", "nowak"}
        writer.commit()
    with store.write() as writer:
        writer.remove("a")
        put(writer, "c", "Ida Quill")
        assert writer.touched() == {"quill", "day"}
        assert [m.key for m in writer.mentions(families=writer.touched())] == ["b:ann-quill", "c:ida-quill"]
        assert {m.family for m in writer.mentions()} == {"quill", "nowak"}


def test_all_families_of_mentions_and_persons_are_told_in_order(store):
    people = [a_speaker(f"Person {n:04}") for n in range(1700)]
    stored = an_article("a", quotes=[a_quote(speaker=person) for person in people])
    families = {person.id: person.name.split()[-1] for person in people[1:]}
    with store.write() as writer:
        writer.put(stored, documents_of(stored), families=families)
        writer.set_people([a_person(family="9999"), a_person("p2", family="0001"), a_person("p3", family="0000")])
        assert list(writer.families()) == [*(f"{n:04}" for n in range(1700)), "9999"]


def test_thousands_of_mentions_are_streamed_whole(store):
    quotes = [a_quote(speaker=a_speaker(f"Person {n:04}")) for n in range(1700)]
    put_articles(store, [an_article("a", quotes=quotes)])
    assert [m.name for m in store.snapshot().corpus.mentions()] == [f"Person {n:04}" for n in range(1700)]


# ---------------------------------------------------------------------------------------------------------------
# Changes


def test_a_library_that_was_never_written_is_empty_and_reading_makes_nothing(store, home):
    with pytest.raises(EmptyLibrary, match="Nothing has been indexed yet: run `onrecord reindex`"):
        store.snapshot()
    assert store.cache().get(a_text("hash"), 1) is None
    assert [ok for _, ok, _ in store.findings()] == [False]
    assert not home.exists()


def test_a_first_change_that_is_given_up_leaves_nothing_to_read(store):
    with store.write() as writer:
        writer.set_meta("report", "lost")
    with pytest.raises(EmptyLibrary):
        store.snapshot()


def test_leaving_the_block_without_commit_leaves_everything_as_it_was(store):
    put_articles(store, [an_article("a")])
    for full in (False, True):
        with store.write(full=full) as writer:
            writer.remove("a")
            stored = an_article("b")
            writer.put(stored, documents_of(stored))
        with pytest.raises(KeyboardInterrupt), store.write(full=full) as writer:
            interrupt(writer)
        assert list(store.snapshot().corpus.article_ids()) == ["a"]
        assert store.snapshot().engine.count(Unit.ARTICLE) == 1


def test_every_change_has_the_next_sequence_number(store):
    numbers = [
        put_articles(store, [an_article("a")]),
        put_articles(store, []),
        put_articles(store, [an_article("a")], full=True),
        put_articles(store, [an_article("b")]),
    ]
    assert numbers == [1, 2, 3, 4]
    corpus = store.snapshot().corpus
    assert corpus.sequence() == 4
    assert [corpus.article(name).sequence for name in "ab"] == [3, 4]


def test_a_full_change_starts_from_nothing(store):
    put_articles(store, [an_article("a"), an_article("b")])
    put_articles(store, [an_article("c")], full=True)
    corpus = store.snapshot().corpus
    assert list(corpus.article_ids()) == ["c"]
    assert corpus.sources() == ()


def test_a_change_is_committed_once(store):
    with store.write() as writer:
        writer.commit()
        with pytest.raises(StoreError, match="committed already"):
            writer.set_meta("report", "late")
        with pytest.raises(StoreError, match="committed already"):
            writer.commit()


def test_a_second_writer_is_told_that_the_library_is_busy(store, reopened):
    with store.write(), pytest.raises(LibraryBusy, match="Another process is writing"), reopened.write():
        pass
    with reopened.write() as writer:
        writer.commit()


def test_an_error_in_the_block_lets_the_next_writer_in(store):
    with pytest.raises(ZeroDivisionError), store.write():
        raise ZeroDivisionError
    assert put_articles(store, [an_article("a")]) == 1


def interrupt(writer):
    writer.remove("a")
    raise KeyboardInterrupt


@pytest.mark.parametrize("full", [False, True])
def test_readers_see_the_old_state_until_the_commit_and_then_the_new_one(store, reopened, full):
    put_articles(store, [an_article("a", "old words")])
    held = reopened.snapshot()
    with store.write(full=full) as writer:
        stored = an_article("a", "new words")
        writer.put(stored, documents_of(stored))
        assert found(reopened.snapshot(), "old") == ["a#1"]
        writer.commit()
    assert found(held, "old") == ["a#1"]
    assert held.corpus.article("a").article.paragraphs[1].text == "old words"
    newest = reopened.snapshot()
    assert found(newest, "old") == []
    assert found(newest, "new") == ["a#1"]
    assert newest.corpus.article("a").article.paragraphs[1].text == "new words"


def found(snapshot, term):
    return [hit.id for hit in snapshot.engine.search(Unit.PARAGRAPH, {term: 1.0}, boosts={"body": 1.0})]


def test_a_held_snapshot_outlives_any_number_of_changes(store, reopened, kept):
    put_articles(store, [an_article("a", "first words")])
    held = reopened.snapshot()
    for n in range(6):
        put_articles(store, [an_article("a", f"words {n}")], full=n % 2 == 0 and n < 2 * kept.outlived)
        assert reopened.snapshot().corpus.sequence() == n + 2
    assert found(held, "first") == ["a#1"]
    assert held.corpus.article("a").article.paragraphs[1].text == "first words"


def test_a_closed_store_says_so(store):
    put_articles(store, [an_article("a")])
    held = store.snapshot()
    store.close()
    with pytest.raises(StoreError, match="was closed"):
        store.snapshot()
    assert held.corpus.article("a") is not None


def test_attribution_is_kept_by_content_and_version_beside_the_changes(store, reopened):
    cache = store.cache()
    quotes = (a_quote(speaker=a_speaker(role="mayor"), also=(a_speaker("Tom Day"),)), a_quote("more"))
    with store.write():
        cache.put(a_text("hash"), 1, quotes)
        cache.put(a_text("hash"), 2, ())
    assert reopened.cache().get(a_text("hash"), 1) == quotes
    assert reopened.cache().get(a_text("hash"), 2) == ()
    assert reopened.cache().get(a_text("hash"), 3) is None


def test_what_was_found_in_one_article_is_told_of_another_with_the_same_text(store):
    cache = store.cache()
    words = "the bridge will open in spring , the mayor said"
    cache.put(a_text("hash"), 1, (a_quote(words, speaker=a_speaker(article_id="a")), a_quote("as no text has it")))
    found = cache.get(replace(an_article("news:b").article, content_hash="hash"), 1)
    assert found == (a_quote(words, speaker=a_speaker(article_id="news:b")), a_quote("as no text has it"))


def test_a_source_kept_before_there_was_polling_is_read():
    from index.storage.embedded.codec import source_of

    kept = ["/papers", "folder", 3, 9, "2021-03-04T00:00:00+00:00", None]
    assert source_of(kept) == SourceState(
        name="/papers", kind="folder", articles=3, statements=9, last_success=datetime(2021, 3, 4, tzinfo=UTC)
    )
