"""What a board of shared texts promises: the one in the cluster, and the one in memory that the bot's tests use."""

import threading

import pytest

from bot.followings import Following, Followings, Waiting
from bot.guilds import Choices, Ledger
from bot.shared_choices import SharedChoices
from bot.shared_followings import SharedFollowings, bring_over
from index.storage.opensearch.board import ClusterBoard
from tests.bot.board import MemoryBoard
from tests.storage.stores import drop_cluster, needs_cluster, open_cluster


@pytest.fixture
def clock():
    return [1_000.0]


@pytest.fixture(params=["memory", pytest.param("cluster", marks=[pytest.mark.opensearch, needs_cluster])])
def board(request, tmp_path, clock):
    if request.param == "memory":
        yield MemoryBoard(lambda: clock[0])
        return
    store = open_cluster(tmp_path)
    yield ClusterBoard(store.connection, store.generations, clock=lambda: clock[0])
    store.close()
    drop_cluster(tmp_path)


def test_a_text_is_put_up_changed_and_taken_down(board):
    assert board.get("choices", "1") is None
    assert board.change("choices", "1", lambda before: before or "first") == "first"
    assert board.change("choices", "1", lambda before: f"{before}, then “second”") == "first, then “second”"
    assert board.get("choices", "1") == "first, then “second”"
    assert board.get("followings", "1") is None
    assert board.change("choices", "1", lambda _: None) is None
    assert board.change("choices", "1", lambda before: before) is None
    assert board.get("choices", "1") is None


def test_of_changes_made_at_once_none_gets_lost(board):
    def add():
        for _ in range(5):
            board.change("count", "all", lambda before: str(int(before or 0) + 1))

    threads = [threading.Thread(target=add) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert board.get("count", "all") == "30"


def test_texts_are_found_by_kind_owner_and_time(board, clock):
    for number in range(3):
        clock[0] += 10
        board.change("following", f"f{number}", lambda _: "text", owner=str(number % 2))
    board.change("choices", "f0", lambda _: "another")
    assert set(board.all("following")) == {"f0", "f1", "f2"}
    assert board.all("following", owner="0") == {"f0": "text", "f2": "text"}
    assert set(board.all("following", since=1_020)) == {"f1", "f2"}
    board.change("following", "f0", lambda _: "new")
    assert board.all("following", owner="0") == {"f0": "new", "f2": "text"}
    assert board.all("nothing") == {}


def test_more_texts_than_one_answer_holds_are_all_found(board):
    board.pin("many", [f"n{number:05d}" for number in range(2_500)])
    assert len(board.known("many", ["n00000", "n02499", "n02500"])) == 2
    board.clear("none of them")
    assert len(board.all("many")) == 2_500


def test_names_are_pinned_and_taken_down_by_name_owner_and_age(board, clock):
    assert board.known("told", []) == set()
    board.pin("told", ["1:a", "1:b"], owner="1")
    clock[0] += 100
    board.pin("told", ["2:a", "2:b"], owner="2")
    assert board.known("told", ["1:a", "1:b", "2:a", "3:a"]) == {"1:a", "1:b", "2:a"}
    board.unpin("told", ["2:a"])
    assert board.known("told", ["2:a", "2:b"]) == {"2:b"}
    board.clear("told", before=1_050)
    assert board.known("told", ["1:a", "1:b", "2:b"]) == {"2:b"}
    board.clear("told", owner="2")
    assert board.known("told", ["2:b"]) == set()
    board.pin("told", ["2:b"], owner="2")
    assert board.known("told", ["2:b"]) == {"2:b"}


def test_what_servers_chose_before_there_was_a_cluster_comes_where_nothing_was_chosen_since(board):
    shared = SharedChoices(board)
    shared.choose(2, Choices(), Choices(private=True))
    own = {1: Choices(channels=frozenset({5, 6})), 2: Choices(per_person=3)}
    assert shared.take_over(own) == [1]
    assert shared.take_over(own) == []
    assert shared.changed() == {1: own[1], 2: Choices(private=True)}


def a_following(**fields):
    return Following(guild=1, channel=2, kind="topic", name="t", who=3, **fields)


def waits(key, article, *marks):
    return Waiting(following=key, article=article, paragraph=1, version="v", statement=0, marks=marks)


def test_what_was_followed_before_there_was_a_cluster_comes_with_what_waits_and_what_was_posted(board, tmp_path):
    own = Followings(Ledger(tmp_path / "bot.sqlite3", now=lambda: 100.0))
    shared = SharedFollowings(board)
    own.begin_at(5)
    key = own.add(a_following(subject="tides", rhythm="weekly")).key
    own.queue(6, (), [waits(key, "a", 11, 12), waits(key, "b", 21, 22)])
    assert own.take(own.waiting(key)[:1])
    other = own.add(a_following(subject="planks", rhythm="weekly")).key
    own.queue(7, (), [waits(other, "c", 31, 32)])
    theirs = shared.add(a_following(subject="planks"))
    assert bring_over(own, shared) == 1
    assert bring_over(own, shared) == 0
    assert own.of() == []
    came, kept = shared.of(1)
    assert (came.subject, came.rhythm, came.made) == ("tides", "weekly", 100.0)
    assert kept == theirs
    assert [(one.following, one.article) for one in shared.waiting(came.key)] == [(came.key, "b")]
    assert shared.waiting(theirs.key) == []
    assert shared.cursor() is None  # the changes of another library are counted in another way
    again = [waits(came.key, "d", 11, 12), waits(came.key, "e", 21, 22), waits(came.key, "f", 41, 42)]
    shared.queue(1, (), again)
    assert [one.article for one in shared.waiting(came.key)] == ["b", "f"]
