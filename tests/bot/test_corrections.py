import discord
import pytest

from bot.guilds import KEPT_FOR, Ledger
from bot.posts import POSTS_LIMIT, Post, Posts, Shown
from bot.rounds import annotated, components_in
from bot.settings import BotSettings
from index.ingest.applying import apply_records
from index.ingest.readers import record_of
from index.ingest.sources import Entry
from tests.bot.newsroom import MAYOR, QUAY, a_library, read, write
from tests.bot.shown import buttons_of, text_of

BRONZE = QUAY | {
    "text": "“The lantern shines again,” harbour master Maren Holt said on Thursday.\n\nHolt said that it rains."
}


@pytest.fixture
def clock():
    return [1_000_000.0]


@pytest.fixture
def ledger(tmp_path, clock):
    return Ledger(tmp_path / "library" / "bot.sqlite3", now=lambda: clock[0])


@pytest.fixture
def library(tmp_path):
    library, _ = a_library(tmp_path)
    yield library
    library.close()


@pytest.fixture
def change(library, tmp_path, env, clock):
    """Makes these the articles of the source, and lets the bot go its round."""

    async def changed(*records, full=False):
        write(tmp_path / "articles.jsonl", *records)
        read(library, full=full)
        await a_round(env, clock)

    return changed


async def a_round(env, clock):
    clock[0] += 300
    await env.bot.rounds.round()
    await env.settle()


@pytest.fixture(params=["components", "embeds"])
def settings(request):
    return BotSettings(_env_file=None, layout=request.param, admins="77", questions_per_minute=1000)


@pytest.fixture
async def asked(env, channel, ada, clock):
    """Holt's answer, posted in public."""
    await a_round(env, clock)
    await ada.slash(channel, "said", speaker="Maren Holt")
    await env.settle()
    return channel.last_message


def now(channel, message):
    return next(m for m in channel.history() if m.id == message.id)


async def test_words_that_stand_there_no_more_are_said_to_be_corrected_once(env, channel, asked, change):
    before = text_of(asked)
    assert "“The lantern stays dark,”" in before
    await change(BRONZE, MAYOR)
    after = text_of(now(channel, asked))
    line = "**Corrected since:** The Selby Lamp changed “Lantern stays dark”; words shown here no longer stand there."
    assert line in after
    assert set(before.split("\n")) <= set(after.split("\n"))
    assert [b.custom_id for b in buttons_of(now(channel, asked))] == [b.custom_id for b in buttons_of(asked)]
    await change(BRONZE | {"text": BRONZE["text"].replace("again", "at last")}, MAYOR)
    assert text_of(now(channel, asked)).count("Corrected since") == 1


async def test_an_article_that_only_grows_is_no_correction(env, channel, asked, change):
    await change(QUAY | {"text": QUAY["text"] + "\n\nThe harbour opens on Friday."}, MAYOR)
    await change(QUAY, MAYOR, full=True)
    assert text_of(now(channel, asked)) == text_of(asked)


async def test_an_article_that_went_is_said_to_be_withdrawn(env, channel, asked, change):
    await change(MAYOR)
    shown = text_of(now(channel, asked))
    assert "**Withdrawn since:** an article that is quoted here is no longer on record." in shown
    assert "“The lantern stays dark,”" in shown


async def test_a_publishers_withdrawal_is_told_in_its_words(env, channel, asked, library, clock):
    state = next(s for s in library.store.snapshot().corpus.sources())
    stored, _ = library.show("quay")
    record = record_of(stored.raw).model_copy(update={"withdrawn": "The *Lamp* was misled."})
    entry = Entry(item=stored.item, place=stored.item, found=record, article_id="quay")
    apply_records(library.store, state, [entry])
    await a_round(env, clock)
    assert "**Withdrawn by The Selby Lamp:** The \\*Lamp\\* was misled." in text_of(now(channel, asked))


async def test_a_forgotten_article_is_taken_off_what_was_posted(env, channel, asked, library, clock):
    library.forget("quay")
    await a_round(env, clock)
    shown = now(channel, asked)
    assert text_of(shown) == "What stood here has been forgotten."
    assert buttons_of(shown) == []


async def test_words_of_a_forgotten_speaker_are_taken_off_what_was_posted(env, channel, asked, library, clock, ada):
    await ada.slash(channel, "said", speaker="Otto Brandt")
    other = channel.last_message
    library.forget_speaker("Maren Holt")
    await a_round(env, clock)
    assert text_of(now(channel, asked)) == "What stood here has been forgotten."
    assert "marmalade" in text_of(now(channel, other))
    await a_round(env, clock)
    assert "marmalade" in text_of(now(channel, other))


async def test_a_paragraph_without_statements_is_corrected_too(env, channel, ada, change, clock):
    plain = {
        "id": "quiet",
        "title": "Quiet",
        "outlet": "Coast Wire",
        "text": "The gasworks chimney is fifty metres tall.",
    }
    await change(QUAY, MAYOR, plain)
    await ada.slash(channel, "ask", question="how tall is the gasworks chimney?")
    message = channel.last_message
    assert "fifty metres" in text_of(message)
    await change(QUAY, MAYOR, plain | {"text": "The gasworks chimney is sixty metres tall."})
    assert "**Corrected since:** Coast Wire changed “Quiet”" in text_of(now(channel, message))


async def test_of_an_answer_from_two_articles_each_is_corrected_once(env, channel, ada, asked, change):
    await ada.slash(channel, "compare", first="Maren Holt", second="Otto Brandt")
    both = channel.last_message
    assert {"quay", "mayor"} <= {b.custom_id[8:].split("#")[0] for b in buttons_of(both) if "context" in b.custom_id}
    await change(BRONZE, MAYOR)
    await change(BRONZE, MAYOR | {"text": "Mayor Otto Brandt said that the honey was hers."})
    shown = text_of(now(channel, both))
    assert shown.count("The Selby Lamp changed") == 1
    assert shown.count("Coast Wire changed") == 1


async def test_a_deleted_answer_is_forgotten(env, channel, asked):
    assert [post.message for post in env.bot.posts.about("quay")] == [asked.id]
    await env.bot.get_partial_messageable(channel.id).get_partial_message(asked.id).delete()
    await env.settle()
    assert env.bot.posts.about("quay") == []


async def test_a_message_that_can_not_be_edited_hinders_no_other(env, channel, asked, ada, change):
    await ada.slash(channel, "said", speaker="Otto Brandt")
    other = channel.last_message
    env.inject_error("GET", f"/channels/{channel.id}/messages/{asked.id}", status=403)
    await change(BRONZE, MAYOR | {"text": "Mayor Otto Brandt said that the honey was hers."})
    assert "Corrected since" in text_of(now(channel, other))
    assert "Corrected since" not in text_of(now(channel, asked))


def test_a_message_without_room_for_a_line_is_not_edited():
    text = "x" * 3990
    component = type("Text", (discord.TextDisplay,), {"__init__": lambda self: None, "content": text})()
    message = type("Message", (), {"components": [component], "flags": discord.MessageFlags(components_v2=True)})()
    assert len(components_in(message)) == 1
    assert annotated(message, "**Corrected since:** ...") is None


def test_posts_are_kept_for_a_month_and_only_so_many(tmp_path):
    clock = [0.0]
    posts = Posts(Ledger(tmp_path / "bot.sqlite3", now=lambda: clock[0]))
    shown = (Shown(article="quay", hashes=("a",), keys=("quay:holt",)),)
    posts.keep(Post(message=1, channel=2), following=7)
    posts.keep(Post(message=1, channel=2, shown=shown))
    assert posts.about("quay") == [Post(message=1, channel=2, shown=shown)] == posts.all()
    assert posts.of_following(2, 3600) == 1
    clock[0] = KEPT_FOR + 1.0
    posts.keep(Post(message=3, channel=2, shown=shown))
    assert [post.message for post in posts.about("quay")] == [3]
    posts.forget(3)
    assert posts.all() == []
    assert POSTS_LIMIT > 1000
