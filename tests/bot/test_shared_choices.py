import asyncio

import pytest

from bot import chosen
from bot.client import NewsBot
from bot.guilds import Choices, Ledger
from bot.reindexing import Reindexing
from bot.shared_choices import SharedChoices, merged
from index.errors import StoreError
from tests.bot.board import MemoryBoard


@pytest.fixture
def board():
    return MemoryBoard()


@pytest.fixture
def library(library, board, monkeypatch):
    monkeypatch.setattr(library, "board", lambda: board)
    return library


@pytest.fixture
async def process(library, settings, tmp_path):
    """Makes processes that share the board, each with a database of its own."""
    made = []

    def make(name):
        ledger = Ledger(tmp_path / f"{name}.sqlite3")
        made.append(NewsBot(library=library, settings=settings, reindexing=Reindexing(["true"]), ledger=ledger))
        return made[-1]

    yield make
    for each in made:
        await each.close()


async def test_what_a_server_chooses_through_one_process_holds_in_the_others(process):
    one, other = process("one"), process("other")
    await one.chosen.choose(7, Choices(private=True, channels=frozenset({1, 2})))
    await other.chosen.refresh()
    assert other.chosen.of(7) == Choices(private=True, channels=frozenset({1, 2}))
    await other.chosen.choose(7, Choices(private=True, channels=frozenset({2}), per_person=3))
    await one.chosen.refresh()
    assert one.chosen.of(7) == Choices(private=True, channels=frozenset({2}), per_person=3)


async def test_what_was_chosen_elsewhere_and_not_seen_yet_stays(process):
    one, other = process("one"), process("other")
    await one.chosen.choose(7, Choices(private=True, channels=frozenset({1})))
    await other.chosen.choose(7, Choices(per_channel=9, channels=frozenset({2})))
    assert other.chosen.of(7) == Choices(private=True, per_channel=9, channels=frozenset({1, 2}))


async def test_a_process_takes_up_by_itself_what_was_chosen_through_another(process, monkeypatch):
    monkeypatch.setattr(chosen, "REFRESHED", 0.01)
    one, other = process("one"), process("other")
    await other.setup_hook()
    await one.chosen.choose(7, Choices(private=True))
    async with asyncio.timeout(60):
        while not other.chosen.of(7).private:  # noqa: ASYNC110 -- nothing is told when it is so
            await asyncio.sleep(0.01)


async def test_what_was_chosen_before_there_was_a_cluster_is_brought_over_once_and_yields_to_what_is_shared(
    process, board, caplog
):
    caplog.set_level("INFO", "bot.chosen")
    await process("other").chosen.choose(8, Choices(private=True))
    one = process("one")
    one.ledger.choose(7, Choices(asker_only=True, channels=frozenset({1})))
    one.ledger.choose(8, Choices(per_person=3))
    await one.setup_hook()
    await one.chosen.refresh()
    assert one.chosen.of(7) == Choices(asker_only=True, channels=frozenset({1}))
    assert one.chosen.of(8) == Choices(private=True)
    assert SharedChoices(board).changed() == {7: one.chosen.of(7), 8: one.chosen.of(8)}
    assert [r.message for r in caplog.records if "brought over" in r.message] == [
        "brought over to the cluster: what 1 server had chosen, and 0 followings"
    ]
    board.change("choices", "7", lambda _: None)
    await one.chosen.refresh()
    assert board.get("choices", "7") is None


async def test_what_could_not_be_brought_over_is_when_the_cluster_is_back(process, board, monkeypatch):
    one = process("one")
    one.ledger.choose(7, Choices(private=True))

    def away(*_, **__):
        raise StoreError("The cluster can't be reached.")

    with monkeypatch.context() as cut:
        cut.setattr(board, "change", away)
        with pytest.raises(StoreError):
            await one.chosen.refresh()
    await one.chosen.refresh()
    assert SharedChoices(board).changed() == {7: Choices(private=True)}


async def test_while_the_cluster_is_away_what_was_known_last_holds(process, board, monkeypatch):
    await process("one").chosen.choose(7, Choices(private=True))

    def away(*_, **__):
        raise StoreError("The cluster can't be reached.")

    monkeypatch.setattr(board, "all", away)
    again = process("one")
    await again.setup_hook()
    assert again.chosen.of(7).private


def test_of_choices_only_what_was_changed_is_taken_over():
    seen = Choices(channels=frozenset({1, 2}), private=True)
    chosen = Choices(channels=frozenset({2, 3}), private=True)
    newest = Choices(channels=frozenset({1, 2, 4}), asker_only=True)
    assert merged(newest, seen, chosen) == Choices(channels=frozenset({2, 3, 4}), asker_only=True)


def test_only_what_may_have_changed_since_is_read_again():
    now = [1_000.0]
    board = MemoryBoard(lambda: now[0])
    shared = SharedChoices(board, now=lambda: now[0])
    shared.choose(1, Choices(), Choices(private=True))
    assert set(shared.changed()) == {1}
    now[0] += 1_000
    assert set(shared.changed()) == {1}
    shared.choose(2, Choices(), Choices(private=True))
    assert set(shared.changed()) == {2}
