import discord
import pytest

from bot.guilds import KEPT_FOR, Choices, Kept, Ledger, Shown
from bot.recall import VERSION, kept, recalled
from bot.settings import BotSettings
from index.errors import StoreError
from index.model import Group, Intent
from index.storage.records import StoredArticle
from tests.bot.library import MAREN, OTTO, a_passage, a_quote, an_answer, an_article
from tests.bot.shown import buttons_of, text_of

NUMBERS = ("One", "Two", "Three", "Four", "Five", "Six", "Seven")


@pytest.fixture
def settings():
    return BotSettings(_env_file=None, passages=3, admins="77", questions_per_minute=1000)


@pytest.fixture
def library(library):
    """Holt has said something in each of seven paragraphs, Brandt in one."""
    article = an_article(*(f"“{word} ships wait,” Holt said." for word in NUMBERS), "“No,” Brandt said.")
    quotes = [a_quote(article, n, f"{word} ships wait,") for n, word in enumerate(NUMBERS, 1)]
    library.stored = (StoredArticle(article=article, quotes=(*quotes, a_quote(article, 8, "No,", speaker=OTTO))),)
    return library


def words_on(message):
    return [word for word in NUMBERS if f"“{word} ships" in text_of(message)]


def ids_of(message):
    return {button.label: button.custom_id for button in buttons_of(message)}


@pytest.fixture
def press(ada):
    async def pressed(message, label):
        return await ada.click(message, custom_id=ids_of(message)[label])

    return pressed


async def test_pages_are_turned_forth_and_back_in_place(env, channel, ada, press):
    await ada.send(channel, f"{env.bot.user.mention} what did Holt say?")
    assert words_on(channel.last_message) == ["One", "Two", "Three"]
    assert "1–3 of 7 passages" in text_of(channel.last_message)
    await press(channel.last_message, "Next ›")
    assert words_on(channel.last_message) == ["Four", "Five", "Six"]
    await press(channel.last_message, "Next ›")
    assert words_on(channel.last_message) == ["Seven"]
    assert "7–7 of 7 passages" in text_of(channel.last_message)
    assert "Next ›" not in ids_of(channel.last_message)
    await press(channel.last_message, "‹ Previous")
    assert words_on(channel.last_message) == ["Four", "Five", "Six"]
    assert "What Maren Holt said" in text_of(channel.last_message)
    assert len(channel.history()) == 2


async def test_pages_are_turned_after_a_restart(env, channel, ada, make_bot, press):
    await ada.send(channel, f"{env.bot.user.mention} what did Holt say?")
    answer = channel.last_message
    await env.restart_bot(make_bot())
    await press(answer, "Next ›")
    assert words_on(channel.last_message) == ["Four", "Five", "Six"]


async def test_what_was_forgotten_meanwhile_is_on_no_page(env, channel, ada, library, press):
    await ada.send(channel, f"{env.bot.user.mention} what did Holt say?")
    library.stored = ()
    await press(channel.last_message, "Next ›")
    assert "What stood here is no longer on record." in text_of(channel.last_message)


async def test_an_answer_of_long_ago_says_that_its_pages_can_not_be_turned(env, channel, ada, ledger, press):
    await ada.send(channel, f"{env.bot.user.mention} what did Holt say?")
    answer = channel.last_message
    ledger.now = lambda: 1e12
    ledger.keep(Shown(asker=1, intent=Intent.SAID, passages=()))
    result = await press(answer, "Next ›")
    assert "too long ago" in text_of(result.followups[0].message)
    assert result.followups[0].ephemeral
    assert words_on(answer) == ["One", "Two", "Three"]


async def test_an_answer_that_can_not_be_kept_is_given_without_further_pages(env, channel, ada, ledger, caplog):
    ledger.close()
    ledger._path = ledger._path / "not-a-folder"
    await ada.send(channel, f"{env.bot.user.mention} what did Holt say?")
    assert words_on(channel.last_message) == ["One", "Two", "Three"]
    assert "Next ›" not in ids_of(channel.last_message)
    assert "an answer has one page only" in caplog.text


async def test_more_from_a_speaker_is_shown_to_who_pressed(env, channel, ada, press):
    result = await ada.slash(channel, "said", speaker="maren-holt", about="Two")
    assert words_on(result.response.message) == ["Two"]
    more = await press(result.response.message, "More from Maren Holt")
    assert more.ephemeral
    assert words_on(more.response.message) == ["One", "Two", "Three"]


async def test_a_passage_in_context_can_be_shared_with_the_channel(env, channel, ada, press):
    await ada.send(channel, f"{env.bot.user.mention} what did Holt say?")
    context = await ada.click(channel.last_message, custom_id="context:ferry#2")
    shared = await press(context.response.message, "Share here")
    assert not shared.ephemeral
    assert "> “Two ships wait,” Holt said." in text_of(channel.last_message)
    assert "Share here" not in ids_of(channel.last_message)


async def test_a_report_reaches_the_administrators_with_the_passages_id(env, channel, ada, press, settings, caplog):
    boss = env.create_user("boss")
    env.bot.settings = settings.model_copy(update={"admins": frozenset({boss.id, 5})})
    await ada.send(channel, f"{env.bot.user.mention} what did Holt say?")
    context = await ada.click(channel.last_message, custom_id="context:ferry#2")
    thanks = await press(context.response.message, "Something wrong?")
    assert thanks.ephemeral
    assert "Thank you" in text_of(thanks.response.message)
    told = boss.dm_channel.last_message
    assert "something is wrong with ferry#2" in text_of(told)
    assert f"<@{ada.id}>" in text_of(told)
    assert ids_of(told) == {"In context": "context:ferry#2"}
    assert "administrator 5 could not be told" in caplog.text


async def test_a_report_stands_in_the_audit_and_in_the_channel_for_administrators(env, guild, channel, ada, press):
    desk = guild.create_text_channel("editors")
    await env.bot.chosen.choose(guild.id, Choices(admin_channel=desk.id))
    await ada.send(channel, f"{env.bot.user.mention} what did Holt say?")
    context = await ada.click(channel.last_message, custom_id="context:ferry#2")
    await press(context.response.message, "Something wrong?")
    assert "something is wrong with ferry#2" in text_of(desk.last_message)
    (deed,), _ = env.bot.audit.page(guild.id)
    assert (deed.who, deed.action, deed.subject) == (ada.id, "reported", "ferry#2")
    env.inject_error("POST", f"/channels/{desk.id}/messages", status=403)
    thanks = await press(context.response.message, "Something wrong?")
    assert "Thank you" in text_of(thanks.response.message)


async def test_the_article_of_a_passage_tells_who_else_is_quoted(env, channel, ada, press):
    await ada.send(channel, f"{env.bot.user.mention} what did Holt say?")
    context = await ada.click(channel.last_message, custom_id="context:ferry#2")
    quoted = await press(context.response.message, "Who else is quoted")
    assert quoted.ephemeral
    assert "1–3 of 8 passages" in text_of(quoted.response.message)


async def test_a_question_is_asked_on_in_a_window(env, channel, ada, press, library):
    await ada.send(channel, f"{env.bot.user.mention} what did Holt say?")
    window = await press(channel.last_message, "Ask on")
    field = window.modal["components"][0]
    custom_id = (field.get("component") or field["components"][0])["custom_id"]
    result = await ada.submit_modal(window, {custom_id: "and Brandt?"})
    assert library.asked[-1] == ("and Brandt?", ("What Maren Holt said",))
    assert not result.ephemeral
    assert "-# What Maren Holt said" in text_of(channel.last_message)


async def test_a_question_in_a_window_that_goes_wrong_is_explained(env, channel, ada, press, library):
    await ada.send(channel, f"{env.bot.user.mention} what did Holt say?")
    window = await press(channel.last_message, "Ask on")
    library.failing = StoreError("The index can't be read.")
    field = window.modal["components"][0]
    custom_id = (field.get("component") or field["components"][0])["custom_id"]
    result = await ada.submit_modal(window, {custom_id: "and Brandt?"})
    assert "The index can't be read." in text_of(result.followups[-1].message)
    assert result.followups[-1].ephemeral


async def test_who_was_nearly_asked_for_is_a_press_away_in_the_same_question(env, channel, ada, press, library):
    await ada.slash(channel, "said", speaker="Hollt", about="ships")
    await press(channel.last_message, "Maren Holt")
    assert library.asked == [("what about Maren Holt?", ("What Maren Holt said",))]
    assert words_on(channel.last_message) == ["One", "Two", "Three"]


class TestWithPlainEmbeds:
    @pytest.fixture
    def settings(self):
        return BotSettings(_env_file=None, passages=3, layout="embeds", questions_per_minute=1000)

    async def test_pages_are_turned_too(self, env, channel, ada, press):
        await ada.send(channel, f"{env.bot.user.mention} what did Holt say?")
        await press(channel.last_message, "Next ›")
        assert words_on(channel.last_message) == ["Four", "Five", "Six"]
        assert "1: In context" in ids_of(channel.last_message)


# ---------------------------------------------------------------------------------------------------------------
# About the topic, and threads


async def test_who_else_spoke_about_the_topic_is_shown_to_who_pressed(env, channel, ada, press, library):
    result = await ada.slash(channel, "said", speaker="maren-holt", about="Two")
    about = await press(result.response.message, "About “Two”")
    assert about.ephemeral
    assert library.asked[-1] == ("who spoke about Two?", ())
    assert "About “Two”" not in ids_of(about.response.message)


async def test_all_of_a_long_answer_goes_into_a_thread(env, channel, ada, press):
    await ada.send(channel, f"{env.bot.user.mention} what did Holt say?")
    answer = channel.last_message
    result = await press(answer, "Continue in a thread")
    (thread,) = channel.threads
    assert thread.name == "What Maren Holt said"
    pages = [message for message in thread.history() if words_on(message)]
    assert [words_on(page) for page in pages] == [["One", "Two", "Three"], ["Four", "Five", "Six"], ["Seven"]]
    assert "Mention me here to ask on" in text_of(pages[-1])
    assert "Next ›" not in ids_of(pages[0])
    assert result.ephemeral
    assert f"All of it is in <#{thread.id}>." in text_of(result.response.message)
    env.inject_error("POST", "/channels/*/messages/*/threads", status=400, code=160004)
    again = await press(answer, "Continue in a thread")
    assert f"It goes on in <#{thread.id}> already." in text_of(again.response.message)
    assert len(channel.threads) == 1


async def test_a_question_in_the_thread_leans_on_the_last_answer_there(env, channel, ada, press, library, make_bot):
    await ada.send(channel, f"{env.bot.user.mention} what did Holt say?")
    await press(channel.last_message, "Continue in a thread")
    (thread,) = channel.threads
    await ada.send(thread, f"{env.bot.user.mention} and about the pier?")
    assert library.asked[-1] == ("and about the pier?", ("What Maren Holt said",))
    await ada.send(thread, f"{env.bot.user.mention} what did Brandt say?")
    await env.restart_bot(make_bot())
    await ada.send(thread, f"{env.bot.user.mention} and about the pier?")
    assert library.asked[-1] == ("and about the pier?", ("What Maren Holt said",))


async def test_a_question_in_a_thread_that_a_person_made_from_an_answer_leans_on_it(env, channel, ada, library):
    await ada.send(channel, f"{env.bot.user.mention} what did Holt say?")
    answer = channel.last_message
    await env.bot.get_channel(channel.id).get_partial_message(answer.id).create_thread(name="more")
    (thread,) = channel.threads
    await ada.send(thread, f"{env.bot.user.mention} and about the pier?")
    assert library.asked[-1] == ("and about the pier?", ("What Maren Holt said",))


async def test_a_question_in_a_thread_of_its_own_has_no_context(env, channel, ada, library):
    await env.bot.get_channel(channel.id).create_thread(name="own", type=discord.ChannelType.public_thread)
    (thread,) = channel.threads
    await ada.send(thread, f"{env.bot.user.mention} and about the pier?")
    assert library.asked[-1][1] == ()


@pytest.mark.parametrize("lacking", ["create_public_threads", "send_messages_in_threads"])
async def test_no_thread_is_offered_where_none_can_be_made(env, guild, ada, press, lacking):
    overwrites = {env.bot.user: discord.PermissionOverwrite(**{lacking: False})}
    quiet = guild.create_text_channel("quiet", overwrites=overwrites)
    await ada.send(quiet, f"{env.bot.user.mention} what did Holt say?")
    assert "Next ›" in ids_of(quiet.last_message)
    assert "Continue in a thread" not in ids_of(quiet.last_message)


async def test_no_thread_is_offered_in_a_direct_message(env, press):
    bo = env.create_user("bo")
    await bo.send_dm("what did Holt say?")
    assert "Continue in a thread" not in ids_of(bo.dm_channel.last_message)


async def test_where_threads_are_no_longer_allowed_a_press_says_what_is_missing(env, guild, channel, ada, press):
    await ada.send(channel, f"{env.bot.user.mention} what did Holt say?")
    answer = channel.last_message
    real = env.bot.get_channel(channel.id)
    await real.set_permissions(guild.me, create_public_threads=False)
    result = await press(answer, "Continue in a thread")
    assert "I need Create Public Threads" in text_of(result.response.message)


# ---------------------------------------------------------------------------------------------------------------
# What is kept


def test_an_answer_read_back_has_the_same_passages_and_groups(library):
    answer = library.said("maren-holt")
    other = an_article("“One ships wait,” Holt said.", id="copy", outlet="Gull Post")
    library.stored += (StoredArticle(article=other, quotes=()),)
    passages = (answer.passages[0], a_passage(library.stored[0].article, number=8))
    object.__setattr__(passages[0], "also_in", (a_passage(other).article,))
    given = an_answer(*passages, groups=(Group(label="Maren Holt", passages=(0, 1)),))
    back = recalled(library, kept(library, given, asker=1), "What Maren Holt said")
    assert [(p.citation, p.quotes, p.answering, p.also_in) for p in back.passages] == [
        (p.citation, p.quotes, p.answering, p.also_in) for p in passages
    ]
    assert back.groups == given.groups


def test_passages_that_can_not_be_found_again_are_left_out_and_the_others_move_up(library):
    version = library.stored[0].article.content_hash[:VERSION]
    shown = Shown(
        asker=1,
        intent=Intent.COMPARE,
        passages=(
            Kept(reference="gone#1"),
            Kept(reference="ferry#99", version=version),
            Kept(reference="ferry#1", version=version, statements=(99,)),
            Kept(reference="ferry#1", version="another"),
            Kept(reference="ferry#1", version=version, statements=(0,), also_in=("gone",)),
        ),
        groups=(Group(label="Maren Holt", passages=(0, 4)),),
    )
    back = recalled(library, shown, "x")
    assert [p.citation.reference for p in back.passages] == ["ferry#1"]
    assert back.passages[0].also_in == ()
    assert back.groups == (Group(label="Maren Holt", passages=(0,)),)


def test_words_that_no_longer_stand_in_the_article_are_left_out(library):
    article = an_article("“Other words,” Holt said.")
    false = a_quote(an_article("“Nobody sails,” Holt said."), 1, "Nobody sails,", speaker=MAREN)
    library.stored = (StoredArticle(article=article, quotes=(false,)),)
    version = article.content_hash[:VERSION]
    shown = Shown(asker=1, intent=Intent.SAID, passages=(Kept(reference="ferry#1", version=version, statements=(0,)),))
    assert not recalled(library, shown, "x").found


def test_what_is_kept_survives_a_restart_and_holds_no_words(tmp_path, library):
    path = tmp_path / "home" / "bot.sqlite3"
    first = Ledger(path)
    shown = kept(library, library.said("maren-holt"), asker=7)
    key = first.keep(shown)
    first.replied(10, 20, 7)
    first.close()
    second = Ledger(path)
    assert second.shown(key) == shown
    assert second.shown(key + 1) is None
    assert (second.reply_to(10), second.reply_to(11)) == (20, None)
    second.close()
    assert b"ships" not in b"".join(file.read_bytes() for file in path.parent.iterdir())


def test_what_is_too_old_is_forgotten(ledger):
    clock = [1000.0]
    ledger.now = lambda: clock[0]
    key = ledger.keep(Shown(asker=1, intent=Intent.SAID, passages=()))
    clock[0] += KEPT_FOR + 1
    ledger.keep(Shown(asker=1, intent=Intent.SAID, passages=()))
    assert ledger.shown(key) is None
    ledger.close()


def test_a_database_that_can_not_be_used_is_explained(tmp_path):
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(StoreError, match="own database"):
        Ledger(tmp_path / "file" / "bot.sqlite3").reply_to(1)
