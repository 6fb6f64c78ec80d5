import asyncio
from dataclasses import replace
from datetime import UTC, datetime

import discord
import pytest

from bot.claims import LedgerClaims
from bot.followings import FOLLOWINGS_LIMIT, WAITING_LIMIT, Following, Followings, Waiting, next_due
from bot.guilds import Ledger
from bot.rounds import POSTS_PER_HOUR, Rounds, title_of
from bot.shared_followings import SharedFollowings
from bot.sketches import is_known, sketch
from tests.bot.board import MemoryBoard, MemoryClaims
from tests.bot.newsroom import MAYOR, QUAY, a_library, write
from tests.bot.shown import buttons_of, text_of
from tests.kept import IN_CLUSTER

PIER = {
    "id": "pier",
    "title": "Pier to be mended",
    "outlet": "The Selby Lamp",
    "url": "https://lamp.example/pier",
    "published": "2024-03-16",
    "text": "“The pier gets new planks before Easter comes,” harbour master Maren Holt said on Saturday.",
}
TIDE = {
    "id": "tide",
    "title": "Tide",
    "outlet": "Coast Wire",
    "text": "Mayor Otto Brandt said that the highest tide of the century was on its way.",
}


@pytest.fixture
def clock():
    """Starts now, since articles come in at the real time; tests move it on."""
    return [datetime.now(UTC).timestamp()]


@pytest.fixture
def ledger(tmp_path, clock):
    return Ledger(tmp_path / "library" / "bot.sqlite3", now=lambda: clock[0])


@pytest.fixture
def source(tmp_path):
    return tmp_path / "articles.jsonl"


@pytest.fixture(params=["cluster"] if IN_CLUSTER else ["alone", "shared"])
def library(request, tmp_path, clock, monkeypatch):
    library, _ = a_library(tmp_path)
    if request.param == "shared":
        board, held = MemoryBoard(lambda: clock[0]), {}
        monkeypatch.setattr(library, "board", lambda: board)
        monkeypatch.setattr(library, "claims", lambda: MemoryClaims(held, lambda: clock[0]))
    yield library
    library.close()


@pytest.fixture
def another(env, library, clock):
    """Goes the rounds of another process, which knows only what the processes share."""
    opened = []

    def made(**options):
        ledger = Ledger(env.bot.ledger.folder / "bot.sqlite3", now=lambda: clock[0])
        opened.append(ledger)
        board = library.board()
        followings = SharedFollowings(board, now=ledger.now) if board else Followings(ledger)
        own = LedgerClaims(ledger)
        return Rounds(env.bot, followings, env.bot.posts, library.claims() or own, own, **options)

    yield made
    for ledger in opened:
        ledger.close()


@pytest.fixture
def chief(env, guild):
    role = guild.create_role("Editors", permissions=discord.Permissions(manage_guild=True, manage_channels=True))
    return guild.add_member(env.create_user("chief"), roles=[role])


@pytest.fixture
def arrive(library, source, clock):
    """Lets articles come in, a while after what is followed now was followed."""

    def arrived(*records, full=False):
        write(source, QUAY, MAYOR, *records)
        clock[0] += 1
        library.reindex(full=full, progress=lambda _: None)
        clock[0] += 120

    return arrived


@pytest.fixture
def rounds(env, clock):
    """Goes a round, and another one when what came in has waited for others for a while."""

    async def gone(bot=None):
        bot = bot or env.bot
        await bot.rounds.round()
        clock[0] += 61
        await bot.rounds.round()
        await env.settle()

    return gone


def posts(channel):
    return [text_of(message) for message in channel.history()]


async def test_new_statements_of_a_speaker_are_posted_once_and_nothing_from_before(env, channel, chief, arrive, rounds):
    told = (await chief.slash(channel, "follow speaker", speaker="Maren Holt")).response.message
    assert "follows **Maren Holt**: posted as it comes." in text_of(told)
    assert "Only what comes in from now on is posted." in text_of(told)
    await rounds()
    assert posts(channel) == []
    arrive(PIER, TIDE)
    await rounds()
    (post,) = posts(channel)
    assert post.startswith("### New: Maren Holt\n**Maren Holt**")
    assert "“The pier gets new planks before Easter comes,”" in post
    assert "The Selby Lamp · 16 March 2024" in post
    await rounds()
    arrive(PIER, TIDE, full=True)
    await rounds()
    assert len(posts(channel)) == 1


async def test_many_new_statements_go_out_in_one_message_with_the_rest_in_the_next(env, channel, chief, arrive, rounds):
    await chief.slash(channel, "follow speaker", speaker="Maren Holt")
    many = [
        {
            "id": f"n{n}",
            "title": f"N{n}",
            "text": f"Maren Holt said that boat {n} of the {n * 7} had sunk near pier {n}.",
        }
        for n in range(7)
    ]
    arrive(*many)
    await rounds()
    (first,) = posts(channel)
    assert first.count("> ") == 5
    assert "2 more passages: the rest follows" in first
    await rounds()
    assert posts(channel)[-1].count("> ") == 2


async def test_at_most_so_many_messages_an_hour_and_the_rest_an_hour_later(env, channel, chief, arrive, rounds, clock):
    await chief.slash(channel, "follow topic", topic="boat sunk")
    for n in range(POSTS_PER_HOUR + 1):
        arrive(
            {"id": f"n{n}", "title": "N", "text": f"Maren Holt said that boat {n} of the {n * 7} had sunk at pier {n}."}
        )
        clock[0] -= 100
        await rounds()
    assert len(posts(channel)) == POSTS_PER_HOUR
    clock[0] += 3600
    await rounds()
    assert len(posts(channel)) == POSTS_PER_HOUR + 1


async def test_topics_and_outlets_are_followed_too(env, guild, channel, chief, arrive, rounds):
    other = guild.create_text_channel("tides")
    await chief.slash(channel, "follow outlet", outlet="the selby lamp")
    await chief.slash(other, "follow topic", topic="Highest  Tide")
    arrive(PIER, TIDE)
    await rounds()
    (lamp,) = posts(channel)
    assert lamp.startswith("### New: In The Selby Lamp")
    assert "new planks" in lamp
    (tide,) = posts(other)
    assert tide.startswith("### New: About “Highest Tide”")
    assert "highest tide of the century" in tide


async def test_a_correction_is_not_posted_again_and_what_is_added_is(env, channel, chief, arrive, rounds):
    await chief.slash(channel, "follow speaker", speaker="Maren Holt")
    arrive(PIER)
    await rounds()
    corrected = PIER["text"].replace("before Easter comes", "before Easter arrives")
    arrive(PIER | {"text": corrected})
    await rounds()
    assert len(posts(channel)) == 1
    arrive(PIER | {"text": corrected + "\n\nHolt said that the money comes from the lottery of the harbour."})
    await rounds()
    assert len(posts(channel)) == 2
    assert "lottery of the harbour" in posts(channel)[1]
    assert "planks" not in posts(channel)[1]


async def test_the_same_words_in_another_outlet_are_not_posted_again(env, channel, chief, arrive, rounds):
    await chief.slash(channel, "follow speaker", speaker="Maren Holt")
    arrive(PIER, PIER | {"id": "wire", "outlet": "Coast Wire", "url": "https://wire.example/pier"})
    await rounds()
    assert len(posts(channel)) == 1
    assert posts(channel)[0].count("new planks") == 1


async def test_what_changed_while_it_waited_is_posted_as_it_is_now(env, channel, chief, arrive, rounds):
    await chief.slash(channel, "follow speaker", speaker="Maren Holt")
    arrive(PIER)
    await env.bot.rounds.round()
    arrive(PIER | {"text": PIER["text"].replace("Easter", "Whitsun")})
    await rounds()
    (post,) = posts(channel)
    assert "Whitsun" in post


async def test_what_went_while_it_waited_is_not_posted(env, channel, chief, arrive, rounds):
    await chief.slash(channel, "follow speaker", speaker="Maren Holt")
    arrive(PIER)
    await env.bot.rounds.round()
    arrive()
    await rounds()
    assert posts(channel) == []


async def test_nothing_is_lost_or_repeated_over_a_restart(env, channel, chief, arrive, another, clock):
    await chief.slash(channel, "follow speaker", speaker="Maren Holt")
    arrive(PIER)
    await env.bot.rounds.round()
    clock[0] += 600
    again = another()
    await again.round()
    await again.round()
    assert len(posts(channel)) == 1


async def test_two_processes_post_once(env, channel, chief, arrive, another, clock):
    await chief.slash(channel, "follow speaker", speaker="Maren Holt")
    arrive(PIER)
    other = another(settle=0.0)
    await env.bot.rounds.round()
    assert not await other.round()
    assert posts(channel) == []
    clock[0] += 200
    await asyncio.gather(other.round(), env.bot.rounds.round())
    assert len(posts(channel)) == 1


async def test_a_digest_comes_at_its_hour_with_what_the_day_brought(env, channel, chief, arrive, rounds, clock):
    options = {"speaker": "Maren Holt", "rhythm": "daily", "hour": 7, "utc_offset": 2}
    told = (await chief.slash(channel, "follow speaker", **options)).response.message
    assert "every day at 7:00 UTC+2" in text_of(told)
    arrive(PIER)
    (following,) = env.bot.followings.of()
    if following.due - clock[0] > 200:
        await rounds()
        assert posts(channel) == []
    clock[0] = following.due + 1
    await rounds()
    (post,) = posts(channel)
    assert post.startswith("### Today: Maren Holt")
    (following,) = env.bot.followings.of()
    assert clock[0] < following.due <= clock[0] + 24 * 3600
    clock[0] = following.due + 1
    await rounds()
    assert len(posts(channel)) == 1


async def test_a_digest_of_too_much_ends_with_how_to_ask_for_the_rest(env, channel, chief, arrive, rounds, clock):
    await chief.slash(channel, "follow topic", topic="boat sunk", rhythm="weekly", day="Friday")
    assert title_of(env.bot.followings.of()[0]) == "This week: About “boat sunk”"
    many = [
        {
            "id": f"n{n}",
            "title": f"N{n}",
            "text": f"Maren Holt said that boat {n} of the {n * 7} had sunk near pier {n}.",
        }
        for n in range(17)
    ]
    arrive(*many)
    await env.bot.rounds.round()
    clock[0] = env.bot.followings.of()[0].due + 1
    await env.bot.rounds.round()
    assert len(posts(channel)) == 3
    assert "2 more passages: ask me about the rest" in posts(channel)[-1]
    clock[0] = env.bot.followings.of()[0].due + 1
    await rounds()
    assert len(posts(channel)) == 3


async def test_following_ends_by_the_button_on_a_post_for_those_who_may(env, channel, chief, ada, arrive, rounds):
    await chief.slash(channel, "follow speaker", speaker="Maren Holt")
    arrive(PIER)
    await rounds()
    post = channel.last_message
    (unfollow,) = [button for button in buttons_of(post) if button.label == "Unfollow"]
    await ada.click(post, custom_id=unfollow.custom_id)
    assert "Only people who may manage this server" in text_of(channel.history(viewer=ada)[-1])
    assert env.bot.followings.of()
    await chief.click(post, custom_id=unfollow.custom_id)
    assert "no longer follows **Maren Holt**" in text_of(channel.history(viewer=chief)[-1])
    assert not env.bot.followings.of()
    await chief.click(post, custom_id=unfollow.custom_id)
    assert "not followed in this server any more" in text_of(channel.history(viewer=chief)[-1])
    audit = text_of((await chief.slash(channel, "audit")).response.message)
    assert f"<@{chief.user.id}> · **unfollow** Maren Holt\n-# done" in audit
    assert f"<@{ada.user.id}> · **unfollow** Maren Holt\n-# Only people" in audit
    assert "**follow speaker** Maren Holt\n-# <#" not in audit
    assert "posted as it comes" in audit


async def test_the_list_shows_what_is_followed_and_ends_it(env, guild, channel, chief):
    assert "Nothing is followed here." in text_of((await chief.slash(channel, "following")).response.message)
    await chief.slash(channel, "follow speaker", speaker="maren holt")
    await chief.slash(channel, "follow topic", topic="*tide*", rhythm="weekly", day="Friday", hour=18, utc_offset=-5)
    shown = (await chief.slash(channel, "following")).response.message
    assert f"<#{channel.id}> **Maren Holt**, posted as it comes" in text_of(shown)
    assert "the topic **\\*tide\\***, every Friday at 18:00 UTC-5" in text_of(shown)
    assert [button.label for button in buttons_of(shown)] == ["Unfollow", "Unfollow"]
    ended = await chief.slash(channel, "unfollow", followed="*tide*")
    assert "no longer follows the topic" in text_of(ended.response.message)
    assert [each.name for each in env.bot.followings.of(guild.id)] == ["Maren Holt"]


async def test_unfollow_suggests_what_is_followed(env, channel, chief):
    await chief.slash(channel, "follow speaker", speaker="Maren Holt")
    choices = await chief.autocomplete(channel, "unfollow", "followed", "mar")
    assert [choice["name"] for choice in choices] == ["Maren Holt · #desk"]


async def test_outlets_are_suggested(env, channel, chief):
    choices = await chief.autocomplete(channel, "follow outlet", "outlet", "lam")
    assert [choice["name"] for choice in choices] == ["The Selby Lamp"]


@pytest.mark.parametrize(
    ("command", "options", "words"),
    [
        ("follow speaker", {"speaker": "Marn Holt"}, "Nobody called “Marn Holt” is on record. Near: Maren Holt."),
        ("follow outlet", {"outlet": "Zyx"}, "No outlet “Zyx” is on record. There are: Coast Wire, The Selby Lamp."),
    ],
)
async def test_what_is_not_on_record_can_not_be_followed(env, channel, chief, command, options, words):
    result = await chief.slash(channel, command, **options)
    assert len(env.errors) == 1
    assert result.ephemeral
    assert words in text_of(channel.history(viewer=chief)[-1])


async def test_following_again_changes_the_rhythm_of_the_one_there_is(env, channel, chief):
    await chief.slash(channel, "follow speaker", speaker="Maren Holt")
    await chief.slash(channel, "follow speaker", speaker="Maren Holt", rhythm="daily")
    assert [each.rhythm for each in env.bot.followings.of()] == ["daily"]


async def test_a_server_follows_so_many_at_once(env, guild, channel, chief):
    for n in range(FOLLOWINGS_LIMIT):
        env.bot.followings.add(
            Following(guild=guild.id, channel=channel.id, kind="topic", subject=f"t{n}", name=f"t{n}", who=1)
        )
    listed = text_of((await chief.slash(channel, "following")).response.message)
    assert "and 17 more; `/unfollow` names them all" in listed
    await chief.slash(channel, "follow topic", topic="one more")
    assert len(env.errors) == 1
    assert "A server can follow 25 at once" in text_of(channel.history(viewer=chief)[-1])


class TestAPostThatIsRefused:
    @pytest.mark.parametrize(("status", "why"), [(403, "I may not post"), (404, "the channel is gone")])
    async def test_pauses_the_following_with_one_line_in_the_audit(
        self, env, channel, chief, arrive, rounds, status, why
    ):
        await chief.slash(channel, "follow speaker", speaker="Maren Holt")
        arrive(PIER)
        env.inject_error("POST", f"/channels/{channel.id}/messages", status=status)
        await rounds()
        await rounds()
        assert posts(channel) == []
        audit = text_of((await chief.slash(channel, "audit")).response.message)
        assert audit.count("I · **paused following** Maren Holt") == 1
        assert why in audit
        listed = text_of((await chief.slash(channel, "following")).response.message)
        assert f"paused: {why}" in listed
        arrive(PIER, TIDE)
        await chief.slash(channel, "follow speaker", speaker="Maren Holt")
        assert env.bot.followings.of()[0].paused == ""

    async def test_for_a_moment_waits_and_goes_out_later(self, env, channel, chief, arrive, rounds):
        await chief.slash(channel, "follow speaker", speaker="Maren Holt")
        arrive(PIER)
        env.inject_error("POST", f"/channels/{channel.id}/messages", status=400)
        await rounds()
        assert posts(channel) == []
        await rounds()
        assert len(posts(channel)) == 1


async def test_where_the_bot_may_not_post_nothing_is_followed(env, guild, chief):
    overwrites = {guild.default_role: discord.PermissionOverwrite(send_messages=False)}
    closed = guild.create_text_channel("closed", overwrites=overwrites)
    await chief.slash(closed, "follow speaker", speaker="Maren Holt")
    assert len(env.errors) == 1
    assert "I may not post in this channel" in text_of(closed.history(viewer=chief)[-1])


def a_following(**fields):
    return Following(guild=1, channel=2, kind="topic", subject="t", name="t", who=3, **fields)


@pytest.mark.parametrize(
    ("fields", "now", "due"),
    [
        ({"rhythm": "daily", "hour": 8}, "2024-03-14T07:59:00", "2024-03-14T08:00:00"),
        ({"rhythm": "daily", "hour": 8}, "2024-03-14T08:00:00", "2024-03-15T08:00:00"),
        ({"rhythm": "daily", "hour": 8, "utc_offset": -5}, "2024-03-14T12:59:00", "2024-03-14T13:00:00"),
        ({"rhythm": "daily", "hour": 0, "utc_offset": 14}, "2024-03-14T09:00:00", "2024-03-14T10:00:00"),
        ({"rhythm": "weekly", "hour": 8, "weekday": 4}, "2024-03-14T09:00:00", "2024-03-15T08:00:00"),
        ({"rhythm": "weekly", "hour": 8, "weekday": 3}, "2024-03-14T09:00:00", "2024-03-21T08:00:00"),
        ({"rhythm": "at once"}, "2024-03-14T09:00:00", "2024-03-14T09:00:00"),
    ],
)
def test_a_digest_is_due_at_the_hour_of_the_servers_clock(fields, now, due):
    at = datetime.fromisoformat(now).replace(tzinfo=UTC).timestamp()
    assert datetime.fromtimestamp(next_due(a_following(**fields), at), UTC).isoformat() == f"{due}+00:00"


@pytest.fixture(params=["alone", "shared"])
def followings(request, tmp_path):
    if request.param == "shared":
        return SharedFollowings(MemoryBoard())
    return Followings(Ledger(tmp_path / "bot.sqlite3"))


def waits(key, article, words, statement=0):
    return Waiting(following=key, article=article, paragraph=1, version="v", statement=statement, marks=sketch(words))


def test_what_one_process_took_another_does_not_take(followings):
    key = followings.add(a_following()).key
    followings.queue(1, (), [waits(key, "a", "one thing"), waits(key, "b", "another thing")])
    both = followings.waiting(key)
    assert followings.take(both[:1])
    assert not followings.take(both)
    assert followings.waiting(key) == both[1:]
    followings.give_back(both[:1])
    assert {one.article for one in followings.waiting(key)} == {"a", "b"}
    assert followings.take(both)
    followings.queue(2, (), both)
    assert followings.waiting(key) == []


def test_changes_looked_at_twice_let_nothing_wait_twice(followings):
    key = followings.add(a_following()).key
    some = [waits(key, "a", "one thing"), waits(key, "b", "another thing")]
    followings.queue(1, ["a", "b"], some)
    followings.queue(1, ["a", "b"], some)
    assert len(followings.waiting(key)) == 2
    followings.take(followings.waiting(key))
    followings.queue(1, ["a", "b"], some)
    assert followings.waiting(key) == []
    assert followings.cursor() == 1
    followings.begin_at(7)
    assert followings.cursor() == 1


def test_a_newer_version_is_not_taken_in_the_place_of_an_older_one(followings):
    key = followings.add(a_following()).key
    older, newer = (waits(key, "a", words) for words in ("one thing", "what he means is another thing"))
    newer = replace(newer, version="w")
    followings.queue(1, ["a"], [older])
    followings.queue(2, ["a"], [newer])
    assert not followings.take([older])
    assert [one.version for one in followings.waiting(key)] == ["w"]


def test_who_looked_at_older_versions_and_comes_late_changes_nothing():
    followings = SharedFollowings(MemoryBoard())
    key = followings.add(a_following()).key
    followings.queue(2, ["a"], [waits(key, "a", "what he means is another thing")])
    followings.queue(1, ["a"], [waits(key, "a", "one thing", statement=1)])
    assert [one.statement for one in followings.waiting(key)] == [0]


def test_what_was_found_in_a_newer_state_waits_until_this_process_has_seen_it():
    board = MemoryBoard()
    one, other = SharedFollowings(board), SharedFollowings(board)
    key = one.add(a_following()).key
    other.queue(1, (), [])
    one.queue(2, ["a"], [waits(key, "a", "one thing")])
    assert other.waiting(key) == []
    other.queue(2, (), [])
    assert len(other.waiting(key)) == 1


def test_following_the_same_again_changes_it_and_what_waits_goes_on_waiting(followings):
    first = followings.add(a_following(rhythm="at once"))
    followings.queue(1, (), [waits(first.key, "a", "one thing")])
    again = followings.add(a_following(rhythm="daily"))
    assert (again.key, again.made, again.rhythm) == (first.key, first.made, "daily")
    assert followings.of() == followings.of(again.guild) == [again]
    assert followings.of(again.guild + 1) == []
    assert len(followings.waiting(first.key)) == 1
    followings.pause(first.key, "the channel is gone")
    assert followings.get(first.key).paused == "the channel is gone"
    assert followings.waiting(first.key) == []


def test_a_change_of_another_process_in_between_is_kept():
    board = MemoryBoard()
    one, other = SharedFollowings(board), SharedFollowings(board)
    key = one.add(a_following()).key
    one.queue(1, (), [waits(key, "a", "one thing")])
    mine, theirs = one.waiting(key), other.waiting(key)
    taken = []
    board.between = lambda: taken.append(other.take(theirs))
    assert not one.take(mine)
    assert taken == [True]
    board.between = lambda: other.queue(2, (), [waits(key, "b", "another thing")])
    one.put_off(one.get(key))
    one.queue(2, (), [])
    assert [waiting.article for waiting in one.waiting(key)] == ["b"]


def test_too_many_waiting_statements_lose_their_oldest(followings):
    key = followings.add(a_following()).key
    many = [
        Waiting(following=key, article=f"a{n}", paragraph=1, version="v", statement=0, marks=sketch(f"number {n}"))
        for n in range(WAITING_LIMIT + 3)
    ]
    assert followings.queue(1, (), many) == {key: 3}
    assert followings.waiting(key)[0].article == "a3"
    followings.remove(key)
    assert followings.waiting(key) == []
    assert followings.get(key) is None


def test_words_are_known_again_when_most_of_them_are_the_same():
    words = "The pier gets new planks before Easter comes, the harbour master says, and a lantern too."
    known = set(sketch(words, "Maren Holt"))
    assert is_known(sketch(words.upper(), "maren holt"), known)
    assert is_known(sketch(words.replace("lantern", "lamp"), "Maren Holt"), known)
    assert not is_known(sketch(words, "Otto Brandt"), known)
    assert not is_known(sketch("The pier gets no planks at all, and no lantern before the winter", "Maren Holt"), known)
    assert is_known(sketch("No.", "Maren Holt"), set(sketch("no", "Maren Holt")))
