"""Timelines as pictures: drawn by the process that draws them, and sent with the words that say what they show."""

import struct
import sys
from datetime import date

import discord
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.charting import apart, drawn
from bot.charts import OTHERS, Charts, alt_of, chart_of
from bot.layouts import picture_in
from index.model import Intent
from index.storage.records import StoredArticle
from tests.bot.conftest import PATIENT
from tests.bot.library import a_passage, a_quote, an_answer, an_article
from tests.bot.shown import components_of, text_of
from tests.bot.test_inert import texts

PNG = b"\x89PNG\r\n\x1a\n"
PIXEL = ["import sys; sys.stdin.read(); sys.stdout.buffer.write(bytes.fromhex('89504e470d0a1a0a'))"]


def said_on(*days, outlet="The Selby Lamp"):
    passages = []
    for number, day in enumerate(days):
        article = an_article("“We wait,” Holt said.", id=f"{outlet}{number}", published=day, outlet=outlet)
        passages.append(a_passage(article, a_quote(article, 1, "We wait,")))
    return passages


def over_time(*passages):
    return an_answer(*passages, intent=Intent.TIMELINE, understood="What Maren Holt said, over time")


@pytest.fixture
def library(library):
    """Holt has said something on each of five days."""
    stored = []
    for number in range(1, 6):
        article = an_article(f"“Ship {number} waits,” Holt said.", id=f"ship{number}", published=f"2024-03-{number:02}")
        stored.append(StoredArticle(article=article, quotes=(a_quote(article, 1, f"Ship {number} waits,"),)))
    library.stored = tuple(stored)
    return library


@pytest.fixture(autouse=True)
def _patient(monkeypatch):
    monkeypatch.setattr("bot.charts.SECONDS", PATIENT - 5)


@pytest.fixture
def make_bot(make_bot, tmp_path):
    """A bot whose pictures are quickly drawn, but for the test that draws a real one."""

    def made(**more):
        return make_bot(charts=Charts(tmp_path / "charts", [sys.executable, "-c", *PIXEL]), **more)

    return made


def gallery_of(message):
    return next((c for c in components_of(message) if isinstance(c, discord.MediaGalleryComponent)), None)


# ---------------------------------------------------------------------------------------------------------------
# What it shows


def test_each_outlet_has_a_row_and_each_day_its_number_of_passages():
    lamp, post = said_on("2024-03-01", "2024-03-01", "2024-05-02"), said_on("2024-04-01", outlet="Gull Post")
    chart = chart_of(over_time(*lamp, *post))
    assert chart["rows"] == ["The Selby Lamp", "Gull Post"]
    assert chart["points"] == [["2024-03-01", 0, 2], ["2024-04-01", 1, 1], ["2024-05-02", 0, 1]]
    assert alt_of(over_time(*lamp, *post), chart) == (
        "Timeline: What Maren Holt said, over time. 4 passages, 1 March 2024 to 2 May 2024, by outlet:"
        " The Selby Lamp 3, Gull Post 1."
    )


def test_a_statement_stands_on_the_day_on_which_it_was_made():
    article = an_article("“We wait,” Holt said on Tuesday.", published="2024-03-07")
    quote = a_quote(article, 1, "We wait,", when="2024-03-05")
    weekday = a_quote(article, 1, "We wait,", when="Tuesday")
    chart = chart_of(over_time(a_passage(article, quote), a_passage(article, weekday)))
    assert [day for day, _, _ in chart["points"]] == ["2024-03-05", "2024-03-07"]


def test_what_can_not_be_placed_in_time_or_has_one_day_only_is_no_timeline():
    undated = said_on(None, None)
    assert chart_of(over_time(*undated)) is None
    assert chart_of(over_time(*said_on("2024-03-01", "2024-03-01"), *undated)) is None


def test_many_outlets_share_the_last_row():
    passages = [p for n in range(12) for p in said_on("2024-03-01", f"2024-03-{n + 2:02}", outlet=f"Paper {n:02}")]
    chart = chart_of(over_time(*passages, *said_on("2024-06-01", outlet=None)))
    assert len(chart["rows"]) == 8
    assert chart["rows"][-1] == OTHERS
    assert sum(count for _, _, count in chart["points"]) == 25


def test_dots_of_a_row_that_would_cover_each_other_are_one():
    points = [(0.0, 0, 1), (0.5, 0, 3), (0.5, 1, 1), (9.0, 0, 1)]
    assert apart(points, 1.0) == [(0.375, 0, 4), (9.0, 0, 1), (0.5, 1, 1)]


# ---------------------------------------------------------------------------------------------------------------
# Drawing


def size_of(png):
    assert png.startswith(PNG)
    return struct.unpack(">II", png[16:24])


def test_more_outlets_make_a_higher_picture():
    one = drawn({"title": "One", "rows": ["A"], "points": [["2024-03-01", 0, 1], ["2024-03-02", 0, 300]]})
    points = [["2024-03-01", row, 1] for row in range(8)]
    many = drawn({"title": "Many", "rows": list("ABCDEFGH"), "points": [*points, ["2023-01-01", 0, 2]]})
    assert size_of(one)[0] == size_of(many)[0] == 1200
    assert size_of(one)[1] < size_of(many)[1] < 1000


@pytest.mark.filterwarnings("ignore:Glyph", "ignore:constrained_layout")
@settings(deadline=None, max_examples=5)
@given(texts, st.dates(min_value=date(1, 1, 1)), st.dates(min_value=date(1, 1, 1)))
def test_whatever_a_title_or_an_outlet_holds_is_drawn(text, first, last):
    article = an_article("“We wait,” Holt said.", outlet=text or None)
    passages = [a_passage(article, a_quote(article, 1, "We wait,", when=day.isoformat())) for day in (first, last)]
    answer = an_answer(*passages, intent=Intent.TIMELINE, understood=f"$\\frac{{{text}")
    chart = chart_of(answer)
    if chart is None:
        assert first == last
        return
    assert drawn(chart).startswith(PNG)
    assert len(alt_of(answer, chart)) <= 256


async def test_the_process_that_draws_gives_a_picture(tmp_path):
    picture = await Charts(tmp_path / "fonts").draw(over_time(*said_on("2024-03-01", "2024-05-02")))
    assert size_of(picture.png)[0] == 1200
    assert picture.alt.startswith("Timeline: What Maren Holt said")


@pytest.mark.parametrize("script", ["import sys; sys.exit('no font')", "import time; time.sleep(9)"])
async def test_without_a_picture_the_words_stay_and_the_log_says_why(tmp_path, monkeypatch, caplog, script):
    monkeypatch.setattr("bot.charts.SECONDS", 0.3)
    charts = Charts(tmp_path, [sys.executable, "-c", script])
    assert await charts.draw(over_time(*said_on("2024-03-01", "2024-05-02"))) is None
    assert "a timeline could not be drawn" in caplog.text


async def test_a_program_that_is_not_there_draws_nothing(tmp_path, caplog):
    charts = Charts(tmp_path, [str(tmp_path / "none")])
    assert await charts.draw(over_time(*said_on("2024-03-01", "2024-05-02"))) is None
    assert "could not be drawn" in caplog.text


# ---------------------------------------------------------------------------------------------------------------
# In Discord


async def test_timeline_sends_the_picture_with_its_words_and_the_passages(env, channel, ada):
    result = await ada.slash(channel, "timeline", speaker="Maren Holt")
    message = result.response.message
    (item,) = gallery_of(message).items
    assert item.description.startswith("Timeline: What Maren Holt said. 5 passages, 1 March 2024 to 5 March 2024")
    assert message.attachments[0].description == item.description
    assert "> “Ship 1 waits,”" in text_of(message)


async def test_a_mention_that_asks_over_time_gets_it_too_and_an_edit_takes_it_away(env, channel, ada):
    asked = await ada.send(channel, f"{env.bot.user.mention} what did Holt say over time?")
    assert gallery_of(channel.last_message)
    await ada.edit(asked, f"{env.bot.user.mention} what did Holt say?")
    assert not gallery_of(channel.last_message)
    assert channel.last_message.attachments == []
    await ada.edit(asked, f"{env.bot.user.mention} what did Holt say over time?")
    assert gallery_of(channel.last_message)


async def test_without_the_permission_to_attach_files_the_words_come_alone(env, guild, ada):
    overwrites = {env.bot.user: discord.PermissionOverwrite(attach_files=False)}
    quiet = guild.create_text_channel("quiet", overwrites=overwrites)
    result = await ada.slash(quiet, "timeline", speaker="Maren Holt")
    assert not gallery_of(result.response.message)
    assert "> “Ship 1 waits,”" in text_of(result.response.message)


async def test_the_picture_stays_while_pages_are_turned(env, channel, ada):
    env.bot.settings = env.bot.settings.model_copy(update={"passages": 2})
    await ada.send(channel, f"{env.bot.user.mention} what did Holt say over time?")
    before = picture_in(channel.last_message)
    turn = next(c for c in components_of(channel.last_message) if getattr(c, "label", "") == "Next ›")
    await ada.click(channel.last_message, custom_id=turn.custom_id)
    assert "“Ship 3 waits,”" in text_of(channel.last_message)
    assert picture_in(channel.last_message) == before


async def test_in_plain_embeds_the_picture_is_the_embeds(env, channel, ada):
    env.bot.settings = env.bot.settings.model_copy(update={"layout": "embeds", "passages": 2})
    await ada.send(channel, f"{env.bot.user.mention} what did Holt say over time?")
    assert channel.last_message.embeds[0].image.url
    assert picture_in(channel.last_message).url == channel.last_message.embeds[0].image.url
