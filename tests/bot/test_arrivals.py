import asyncio

import pytest

from bot import arrivals as module
from bot.arrivals import arrivals
from bot.followings import Following
from index.errors import StoreError
from tests.bot.newsroom import MAYOR, QUAY, a_library, read, write

NEW = [
    {"id": f"n{n}", "title": f"N{n}", "text": f"Maren Holt said that boat {n} sank.", "outlet": "Coast Wire"}
    for n in range(3)
]


@pytest.fixture
def library(tmp_path):
    library, _ = a_library(tmp_path)
    yield library
    library.close()


def a_following(library, **fields):
    person = library.store.snapshot().corpus.people_named("maren holt")[0].speaker
    given = {"key": 1, "guild": 1, "channel": 2, "kind": "speaker", "subject": person.id, "name": person.name, "who": 3}
    return Following(**given | fields)


def come(library, tmp_path, *records):
    write(tmp_path / "articles.jsonl", QUAY, MAYOR, *records)
    read(library)


def test_what_came_later_is_found_and_what_was_there_is_not(library, tmp_path):
    first = arrivals(library, [a_following(library)], None)
    assert (first.found, first.changed) == ((), ())
    come(library, tmp_path, *NEW)
    found = arrivals(library, [a_following(library)], first.cursor)
    assert [one.article for one in found.found] == ["n0", "n1", "n2"]
    assert not found.more
    assert arrivals(library, [a_following(library, made=4e9)], first.cursor).found == ()
    assert arrivals(library, [a_following(library, paused="the channel is gone")], first.cursor).found == ()
    come(library, tmp_path, NEW[0])
    gone = arrivals(library, [a_following(library)], found.cursor)
    assert (gone.removed, gone.found) == (("n1", "n2"), ())


def test_a_cursor_of_another_library_begins_anew(library):
    assert arrivals(library, [a_following(library)], 10_000).cursor == library.store.snapshot().corpus.sequence()


def test_very_many_changes_are_looked_at_in_turns_whole_changes_each(library, tmp_path, monkeypatch):
    monkeypatch.setattr(module, "CHANGES_AT_ONCE", 1)
    start = library.store.snapshot().corpus.sequence()
    come(library, tmp_path, *NEW[:2])
    come(library, tmp_path, *NEW)
    first = arrivals(library, [a_following(library)], start)
    assert ([one.article for one in first.found], first.more) == (["n0", "n1"], True)
    second = arrivals(library, [a_following(library)], first.cursor)
    assert ([one.article for one in second.found], second.more) == (["n2"], False)


def test_somebody_whose_id_has_changed_is_found_by_the_name(library, tmp_path):
    start = library.store.snapshot().corpus.sequence()
    come(library, tmp_path, NEW[0])
    assert arrivals(library, [a_following(library, subject="as-it-was")], start).found
    assert not arrivals(library, [a_following(library, subject="as-it-was", name="Nobody")], start).found


def test_a_withdrawn_article_is_not_news(library, tmp_path):
    start = library.store.snapshot().corpus.sequence()
    come(library, tmp_path, NEW[0] | {"withdrawn": "It was wrong."})
    stored, _ = library.show("n0")
    assert stored.withdrawn
    assert arrivals(library, [a_following(library)], start).found == ()


async def test_rounds_are_gone_again_and_again_whatever_one_meets(bot, monkeypatch, caplog):
    gone = []

    async def one_round():
        gone.append(1)
        if len(gone) == 1:
            raise ValueError("unforeseen")
        return len(gone) == 2

    monkeypatch.setattr(bot.rounds, "round", one_round)
    bot.rounds.start(every=0.01)
    async with asyncio.timeout(60):
        while len(gone) < 4:  # noqa: ASYNC110 - another task counts
            await asyncio.sleep(0.01)
    await bot.rounds.stop()
    assert "a round was broken off" in caplog.text


async def test_a_library_that_can_not_be_read_ends_a_round(bot, library, monkeypatch):
    def fail():
        raise StoreError("the disk is gone")

    monkeypatch.setattr(library.store, "snapshot", fail)
    assert not await bot.rounds.round()
    assert not await bot.watching.look()
