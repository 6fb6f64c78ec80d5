from contextlib import suppress

import discord
import pytest
from hypothesis import given

from bot.commands.asking import person_name
from bot.quoted import words_and_name
from bot.settings import BotSettings
from index.errors import EmptyLibrary, StoreError
from index.storage.records import StoredArticle
from tests.bot.conftest import PATIENT
from tests.bot.library import FERRY
from tests.bot.shown import buttons_of, text_of
from tests.bot.test_inert import texts


@pytest.fixture
def bo(env):
    return env.create_user("bo")


async def test_a_mention_is_answered_with_the_words_their_speaker_and_their_source(env, channel, ada):
    await ada.send(channel, f"{env.bot.user.mention} what did Holt say?")
    shown = text_of(channel.last_message)
    assert "> “Nobody sails tonight, and nobody argues with the sea,”" in shown
    assert "**Maren Holt**, harbour master of Selby Quay" in shown
    assert "[paragraph 1](https://lamp.example/ferry#:~:text=" in shown


async def test_the_answer_to_a_mention_is_a_reply_that_pings_nobody(env, channel, ada):
    asked = await ada.send(channel, f"what did Holt say? <@!{env.bot.user.id}>")
    answer = channel.last_message
    assert answer.reference.message_id == asked.id
    assert not answer.mentions
    assert not answer.mention_everyone


async def test_the_mention_is_no_part_of_the_question_and_other_mentions_are_names(env, channel, ada, library, guild):
    holt = guild.add_member(env.create_user("holt", global_name="Maren Holt"))
    await ada.send(channel, f"{env.bot.user.mention} what did {holt.mention} say <:wave:123456789012345678>?")
    assert library.asked == [("what did Maren Holt say :wave:?", ())]


async def test_a_direct_message_is_answered_without_a_mention(env, bo):
    await bo.send_dm("what did Brandt say?")
    assert "**Otto Brandt**, mayor" in text_of(bo.dm_channel.last_message)


async def test_a_reply_that_pings_carries_the_question_before(env, channel, ada, library):
    await ada.send(channel, f"{env.bot.user.mention} what did Holt say?")
    answer = channel.last_message
    await ada.send(channel, f"{env.bot.user.mention} and about the pier?", reply_to=answer)
    assert library.asked[-1] == ("and about the pier?", ("What Maren Holt said",))
    assert "Maren Holt" in text_of(channel.last_message)


async def test_a_reply_to_a_question_that_the_bot_may_read_carries_that_question(env, channel, ada, library):
    asked = await ada.send(channel, f"{env.bot.user.mention} what did Holt say?")
    await ada.send(channel, f"{env.bot.user.mention} and Brandt?", reply_to=asked)
    assert library.asked[-1][1] == ("what did Holt say?",)


async def test_a_reply_to_words_that_the_bot_may_not_read_has_no_context(env, channel, ada, library):
    chatter = await ada.send(channel, "Holt is at it again")
    await ada.send(channel, f"{env.bot.user.mention} what about her?", reply_to=chatter)
    assert library.asked[-1] == ("what about her?", ())


@pytest.mark.parametrize("content", ["{bot}", "  {bot}  ", "{bot} <@&1>"])
async def test_an_empty_mention_gets_help_with_examples_from_the_library(env, channel, ada, content):
    await ada.send(channel, content.format(bot=env.bot.user.mention))
    shown = text_of(channel.last_message)
    assert "What did Maren Holt say?" in shown
    assert "The index covers 2 articles from 1 outlet" in shown


@pytest.mark.parametrize("content", ["what did Holt say?", "@everyone what did Holt say?", "<@1> what did Holt say?"])
async def test_what_is_said_to_others_is_left_alone(env, channel, ada, library, content):
    await ada.send(channel, content)
    assert len(channel.history()) == 1
    assert library.asked == []


async def test_another_bot_is_never_answered(env, channel, guild, library):
    robot = guild.add_member(env.create_user("robot", bot=True))
    await robot.send(channel, f"{env.bot.user.mention} what did Holt say?")
    assert library.asked == []


async def test_what_is_not_on_record_is_said_so_with_what_is_near_and_what_is_covered(env, channel, ada):
    await ada.send(channel, f"{env.bot.user.mention} zebras?")
    shown = text_of(channel.last_message)
    assert "Nothing on record about “zebras?”." in shown
    assert "-# Did you mean:" in shown
    assert [button.label for button in buttons_of(channel.last_message)] == ["Maren Holt"]
    assert "The index covers 2 articles" in shown


async def test_an_error_in_answering_a_message_becomes_words_in_reply(env, channel, ada, library):
    library.failing = StoreError("The index can't be read: run onrecord verify.")
    await ada.send(channel, f"{env.bot.user.mention} what did Holt say?")
    assert "The index can't be read: run onrecord verify." in text_of(channel.last_message)


async def test_an_unforeseen_error_is_logged_and_its_text_is_not_shown(env, channel, ada, library, caplog):
    library.failing = ZeroDivisionError("secret detail")
    await ada.send(channel, f"{env.bot.user.mention} what did Holt say?")
    shown = text_of(channel.last_message)
    assert "It was logged as " in shown
    assert "secret" not in shown
    assert shown.partition("logged as ")[2][:6] in caplog.text


async def test_where_the_bot_may_not_write_the_person_is_told_so_directly(env, guild, ada):
    quiet = guild.create_text_channel(
        "quiet", overwrites={env.bot.user: discord.PermissionOverwrite(send_messages=False)}
    )
    await ada.send(quiet, f"{env.bot.user.mention} what did Holt say?")
    assert len(quiet.history()) == 1
    assert f"I may not write in <#{quiet.id}>" in ada.user.dm_channel.last_message.content


async def test_a_reply_that_discord_refuses_is_logged(env, channel, ada, caplog):
    env.inject_error("POST", "/channels/*/messages", status=400)
    await ada.send(channel, f"{env.bot.user.mention} what did Holt say?")
    assert "could not be delivered" in caplog.text


async def test_ask_answers_in_public(env, channel, ada):
    result = await ada.slash(channel, "ask", question="what did Holt say?")
    callbacks = [r.json["type"] for r in env.http_requests if r.path.endswith("/callback")]
    assert callbacks == [discord.InteractionResponseType.deferred_channel_message.value]
    assert not result.response.ephemeral
    assert "“Nobody sails tonight, and nobody argues with the sea,”" in text_of(result.response.message)


async def test_ask_works_in_a_direct_message(env, bo):
    result = await bo.slash("ask", question="what did Holt say?")
    assert "**Maren Holt**" in text_of(result.response.message)


async def test_an_error_of_a_command_is_for_the_eyes_of_who_asked(env, channel, ada, library):
    library.failing = EmptyLibrary("Nothing has been indexed yet.")
    result = await ada.slash(channel, "ask", question="what did Holt say?")
    assert len(env.errors) == 1
    assert [m.ephemeral for m in result.followups] == [True]
    assert "An administrator can read the sources with `/reindex`." in text_of(result.followups[0].message)
    assert channel.history() == [], "nothing public is left"


async def test_said_takes_a_speaker_and_a_topic(env, channel, ada):
    result = await ada.slash(channel, "said", speaker="maren-holt", about="pier")
    shown = text_of(result.response.message)
    assert "-# What Maren Holt said about pier" in shown
    assert "Nobody sails" not in shown


async def test_said_of_somebody_unknown_names_who_is_near(env, channel, ada):
    result = await ada.slash(channel, "said", speaker="Nobody")
    assert [button.label for button in buttons_of(result.response.message)] == ["Maren Holt"]


async def test_in_context_shows_the_paragraph_between_its_neighbours_to_who_pressed(env, channel, ada):
    await ada.send(channel, f"{env.bot.user.mention} what did Holt say?")
    result = await ada.click(channel.last_message, custom_id="context:ferry#1")
    assert result.ephemeral
    shown = text_of(result.response.message)
    assert "-# headline\nFerry to stay in port" in shown
    assert "-# paragraph 1\n> “Nobody sails" in shown
    assert "-# paragraph 2\nHolt said" in shown


async def test_in_context_works_after_a_restart(env, channel, ada, make_bot):
    await ada.send(channel, f"{env.bot.user.mention} what did Holt say?")
    answer = channel.last_message
    await env.restart_bot(make_bot())
    result = await ada.click(answer, custom_id="context:ferry#1")
    assert "-# paragraph 1\n> “Nobody sails" in text_of(result.response.message)


async def test_in_context_of_a_forgotten_article_says_so(env, channel, ada, library):
    await ada.send(channel, f"{env.bot.user.mention} what did Holt say?")
    library.stored = ()
    result = await ada.click(channel.last_message, custom_id="context:ferry#1")
    assert result.ephemeral
    assert "Nothing stored is called ferry#1." in text_of(result.response.message)


async def test_a_button_of_another_version_says_so(env, channel, ada):
    env.bot.presses = {}
    await ada.send(channel, f"{env.bot.user.mention} what did Holt say?")
    result = await ada.click(channel.last_message, custom_id="context:ferry#1")
    assert result.ephemeral
    assert "from another version" in text_of(result.response.message)


class TestWithFewQuestionsAMinute:
    @pytest.fixture
    def settings(self):
        return BotSettings(_env_file=None, questions_per_minute=1)

    async def test_who_asks_too_fast_is_told_how_long_to_wait(self, env, channel, ada, library):
        await ada.slash(channel, "ask", question="what did Holt say?")
        result = await ada.slash(channel, "ask", question="what did Holt say?")
        assert len(env.errors) == 1
        assert result.ephemeral
        assert "please try again in 60 s" in text_of(result.response.message)
        assert len(library.asked) == 1


class TestWithPlainEmbeds:
    @pytest.fixture
    def settings(self):
        return BotSettings(_env_file=None, layout="embeds", questions_per_minute=1000)

    async def test_the_answer_is_an_embed_with_numbered_buttons(self, env, channel, ada):
        await ada.send(channel, f"{env.bot.user.mention} what did Holt say?")
        answer = channel.last_message
        assert answer.embeds[0].author.name == "What Maren Holt said"
        assert "> “Nobody sails" in text_of(answer)
        assert [button.label for button in buttons_of(answer)] == ["1: In context", "2: In context", "Ask on"]

    async def test_a_reply_carries_the_question_before(self, env, channel, ada, library):
        await ada.send(channel, f"{env.bot.user.mention} what did Holt say?")
        await ada.send(channel, f"{env.bot.user.mention} and when?", reply_to=channel.last_message)
        assert library.asked[-1] == ("and when?", ("What Maren Holt said",))

    async def test_without_passages_there_are_buttons_to_what_is_near_only(self, env, channel, ada):
        await ada.send(channel, f"{env.bot.user.mention} zebras?")
        assert [button.label for button in buttons_of(channel.last_message)] == ["Maren Holt"]


async def test_who_said_and_did_say_ask_with_the_words_between_marks(env, channel, ada, library):
    await ada.slash(channel, "who-said", words='nobody "sails"\n tonight')
    await ada.slash(channel, "did-say", speaker="Maren Holt", words="“nobody sails”")
    assert [question for question, _ in library.asked] == [
        "who said “nobody 'sails' tonight”?",
        "did Maren Holt say “'nobody sails'”?",
    ]


async def test_a_speaker_to_check_is_suggested_by_name(env, channel, ada):
    assert await ada.autocomplete(channel, "did-say", "speaker", "hol") == [
        {"name": "Maren Holt · harbour master of Selby Quay", "value": "Maren Holt"}
    ]


async def test_help_is_for_who_asks(env, channel, ada):
    result = await ada.slash(channel, "help")
    assert result.ephemeral
    assert "What did Maren Holt say?" in text_of(result.response.message)


async def test_a_messages_words_are_looked_up_from_its_menu(env, channel, ada, library, guild):
    bo = guild.add_member(env.create_user("bo"))
    chatter = await bo.send(channel, "the pier would be closed")
    result = await ada.context_menu(channel, "Who said this?", chatter)
    assert result.ephemeral
    assert library.asked == [("who said “the pier would be closed”?", ())]


async def test_a_message_without_words_can_not_be_looked_up(env, channel, ada):
    picture = await ada.send(channel, "", attachments=[("a.png", b"x")])
    result = await ada.context_menu(channel, "Who said this?", picture)
    assert len(env.errors) == 1
    assert "no words that I could look up" in text_of(result.response.message)


async def test_an_edited_question_is_answered_anew_in_the_same_place(env, channel, ada):
    asked = await ada.send(channel, f"{env.bot.user.mention} what did Holt say?")
    await ada.edit(asked, f"{env.bot.user.mention} what did Brandt say?")
    assert len(channel.history()) == 2
    assert "**Otto Brandt**, mayor" in text_of(channel.last_message)


async def test_an_edit_of_what_was_never_answered_is_left_alone(env, channel, ada, library):
    chatter = await ada.send(channel, "what did Holt say?")
    await ada.edit(chatter, f"{env.bot.user.mention} what did Holt say?")
    assert library.asked == []


async def test_a_question_edited_into_chatter_keeps_its_answer(env, channel, ada, library):
    asked = await ada.send(channel, f"{env.bot.user.mention} what did Holt say?")
    await ada.edit(asked, "never mind")
    assert len(library.asked) == 1
    assert "**Maren Holt**" in text_of(channel.last_message)


async def test_a_deleted_question_takes_its_answer_with_it(env, channel, ada):
    asked = await ada.send(channel, f"{env.bot.user.mention} what did Holt say?")
    other = await ada.send(channel, "chatter")
    await ada.delete(other)
    assert len(channel.history()) == 2
    await ada.delete(asked)
    assert channel.history() == []


async def test_an_answer_that_is_gone_already_troubles_nobody(env, channel, ada, caplog):
    asked = await ada.send(channel, f"{env.bot.user.mention} what did Holt say?")
    await channel.last_message.delete()
    await ada.edit(asked, f"{env.bot.user.mention} what did Brandt say?")
    await ada.delete(asked)
    assert "could not be changed" in caplog.text
    assert "could not be taken away" in caplog.text


async def test_who_says_what_in_an_article(env, channel, ada):
    shown = text_of((await ada.slash(channel, "article", article="ferry#2")).response.message)
    assert "-# Who says what in “Ferry to stay in port”" in shown
    assert "**Maren Holt**" in shown
    assert "**Otto Brandt**" in shown


async def test_an_article_in_which_nobody_is_quoted_says_so(env, channel, ada, library):
    library.stored = (StoredArticle(article=FERRY, quotes=()),)
    shown = text_of((await ada.slash(channel, "article", article="ferry")).response.message)
    assert "Nobody is quoted in “Ferry to stay in port”." in shown


async def test_a_quote_in_a_message_is_checked_against_whom_it_names(env, channel, ada, library):
    chatter = await ada.send(channel, "look: “the pier would be closed” — Maren Holt")
    result = await ada.context_menu(channel, "Check this quote", chatter)
    assert result.ephemeral
    assert library.asked == [("did Maren Holt say “the pier would be closed”?", ())]


async def test_a_quote_that_names_nobody_is_looked_up(env, channel, ada, library):
    chatter = await ada.send(channel, "heard “the pier would be closed” today")
    await ada.context_menu(channel, "Check this quote", chatter)
    assert library.asked == [("who said “the pier would be closed”?", ())]


async def test_compare_and_timeline_ask_in_words(env, channel, ada, library):
    await ada.slash(channel, "compare", first="Holt", second="Brandt", about="the pier")
    await ada.slash(channel, "compare", first="Holt", second="Brandt")
    await ada.slash(channel, "timeline", speaker="Holt", about="the pier")
    await ada.slash(channel, "timeline", speaker="Holt")
    assert [question for question, _ in library.asked] == [
        "what did Holt and Brandt say about the pier?",
        "what did Holt and Brandt say?",
        "what did Holt say about the pier over time?",
        "what did Holt say over time?",
    ]


@pytest.mark.parametrize(
    ("text", "words", "name"),
    [
        ("“Nobody sails tonight” — Maren Holt", "Nobody sails tonight", "Maren Holt"),
        ('Holt: "Nobody sails tonight."', "Nobody sails tonight", "Holt"),
        ("Maren Holt said “Nobody sails tonight, friends”", "Nobody sails tonight, friends", "Maren Holt"),
        ("“Nobody sails tonight,” said Holt.", "Nobody sails tonight", "Holt"),
        ("„Nobody sails tonight“", "Nobody sails tonight", None),
        ("Nobody sails tonight", "Nobody sails tonight", None),
        ("“Ay” and “Nobody sails tonight”, they wrote", "Nobody sails tonight", None),
    ],
)
def test_what_a_message_quotes_and_whom_it_names(text, words, name):
    assert words_and_name(text) == (words, name)


@given(texts)
def test_any_message_can_be_read_for_quotes(text):
    words, name = words_and_name(" ".join(text.split()))
    assert isinstance(words, str)
    assert name is None or name in text


async def test_questions_deleted_together_take_their_answers_with_them(env, channel, ada):
    asked = [await ada.send(channel, f"{env.bot.user.mention} what did {name} say?") for name in ("Holt", "Brandt")]
    await env.bot.get_channel(channel.id).delete_messages(asked)
    await env.settle()
    assert channel.history() == []


async def test_a_questions_length_is_logged_and_its_words_are_not(env, channel, ada, caplog):
    with caplog.at_level("INFO", logger="bot"):
        await ada.slash(channel, "ask", question="what did Holt say of Rosebud?")
    assert "question of 29 characters: said, 2 passages" in caplog.text
    assert "Rosebud" not in caplog.text


# ---------------------------------------------------------------------------------------------------------------
# A person's menu


async def test_an_account_is_looked_up_by_its_displayed_name_for_who_asked(env, guild, channel, ada):
    holt = guild.add_member(env.create_user("mh", global_name="Maren Holt | Harbour"))
    result = await ada.context_menu(channel, "Said on record", holt)
    shown = text_of(result.response.message)
    assert result.ephemeral
    assert "**Maren Holt**, harbour master of Selby Quay" in shown
    assert "Looked up by the name “Maren Holt” alone: the account may be somebody else's." in shown


async def test_an_account_of_whose_name_nobody_is_on_record_is_told_so(env, channel, ada):
    shown = text_of((await ada.context_menu(channel, "Said on record", ada)).response.message)
    assert "Nobody called “ada” is on record." in shown
    assert "Looked up" not in shown


async def test_a_name_without_letters_can_not_be_looked_up(env, guild, channel, ada):
    bare = guild.add_member(env.create_user("bare", global_name="~ 🗽 ~"))
    result = await ada.context_menu(channel, "Said on record", bare)
    assert len(env.errors) == 1
    assert "That name has no letters" in text_of(result.response.message)


@pytest.mark.parametrize(
    ("displayed", "name"),
    [
        ("Heather Nauert | State", "Heather Nauert"),
        ("🗽 Ada 🗽", "Ada"),
        ("Jean-Luc O’Neill", "Jean-Luc O’Neill"),
        ("Maren Holt - harbour", "Maren Holt"),
        ("[press] ", "press"),
        ("***", ""),
    ],
)
def test_a_displayed_name_is_read_without_its_decoration(displayed, name):
    assert person_name(displayed) == name


@pytest.mark.parametrize("words", ["", "hello!", "Hey there", "thank you :)"])
async def test_small_talk_gets_help_and_nothing_is_looked_up(env, channel, ada, library, words):
    await ada.send(channel, f"{env.bot.user.mention} {words}")
    assert "Ask me who said what in the news" in text_of(channel.last_message)
    assert library.asked == []


class TestWhileItsAnswerIsLookedUp:
    """What happens to a question before its answer has gone out."""

    @pytest.fixture
    async def asked(self, env, channel, ada, library):
        library.gate.clear()
        await self.before_it_is_done(env, ada.send(channel, f"{env.bot.user.mention} what did Holt say?"))
        (question,) = channel.history()
        return question

    async def before_it_is_done(self, env, action):
        env.settle_timeout = 0.3
        with suppress(TimeoutError):
            await action
        env.settle_timeout = PATIENT

    async def test_a_question_that_is_edited_is_answered_as_it_is_now(self, env, channel, ada, library, asked):
        await self.before_it_is_done(env, ada.edit(asked, f"{env.bot.user.mention} what did Brandt say?"))
        library.gate.set()
        await env.settle()
        _, answer = channel.history()
        assert "**Otto Brandt**" in text_of(answer)

    async def test_a_question_that_is_deleted_takes_its_answer_along(self, env, channel, ada, library, asked):
        await self.before_it_is_done(env, ada.delete(asked))
        library.gate.set()
        await env.settle()
        assert channel.history() == []
        assert len(library.asked) == 1
