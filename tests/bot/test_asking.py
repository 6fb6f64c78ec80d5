from tests.bot.shown import text_of


async def test_a_mention_is_answered_with_the_words_their_speaker_and_their_source(env, channel, ada):
    await ada.send(channel, f"{env.bot.user.mention} what did Holt say?")
    shown = text_of(channel.last_message)
    assert "> “Nobody sails tonight, and nobody argues with the sea,”" in shown
    assert "**Maren Holt**, harbour master of Selby Quay" in shown
    assert "[paragraph 1](https://lamp.example/ferry#:~:text=" in shown
