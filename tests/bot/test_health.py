import aiohttp
import pytest

from bot.health import Figures, served
from tests.bot.shown import text_of


async def get(port, path):
    async with aiohttp.ClientSession() as session, session.get(f"http://127.0.0.1:{port}{path}") as response:
        return response.status, await response.text()


async def test_nothing_is_served_unless_a_port_is_set(bot):
    async with served(bot, "127.0.0.1", None) as port:
        assert port is None


async def test_health_tells_that_the_bot_is_not_connected(bot):
    async with served(bot, "127.0.0.1", 0) as port:
        assert await get(port, "/health") == (503, "not connected to Discord\n")


async def test_metrics_count_look_ups_by_their_end(bot, library):
    async with served(bot, "127.0.0.1", 0) as port:
        with bot.figures.looking_up() as tell:
            tell(True)
        with pytest.raises(ZeroDivisionError), bot.figures.looking_up():
            raise ZeroDivisionError
        status, text = await get(port, "/metrics")
    assert status == 200
    assert 'onrecord_lookups_total{ended="found"} 1' in text
    assert 'onrecord_lookups_total{ended="nothing"} 0' in text
    assert 'onrecord_lookups_total{ended="failed"} 1' in text
    assert "onrecord_servers 0" in text
    assert "onrecord_reindexing 0" in text


def test_the_histogram_is_cumulative():
    clock = iter([0.0, 0.02, 1.0, 1.02, 2.0, 99.0])
    figures = Figures(lambda: next(clock))
    for _ in range(3):
        with figures.looking_up() as tell:
            tell(False)
    lines = list(figures.lines())
    assert 'onrecord_lookup_seconds_bucket{le="0.01"} 0' in lines
    assert 'onrecord_lookup_seconds_bucket{le="0.025"} 2' in lines
    assert 'onrecord_lookup_seconds_bucket{le="10.0"} 2' in lines
    assert 'onrecord_lookup_seconds_bucket{le="+Inf"} 3' in lines
    assert "onrecord_lookup_seconds_sum 97.040000" in lines
    assert "onrecord_lookup_seconds_count 3" in lines


async def test_what_people_ask_is_counted(env, channel, ada):
    await ada.slash(channel, "ask", question="what did Holt say?")
    result = await ada.slash(channel, "ask", question="zebras?")
    assert "Nothing on record" in text_of(result.response.message)
    lines = list(env.bot.figures.lines())
    assert 'onrecord_lookups_total{ended="found"} 1' in lines
    assert 'onrecord_lookups_total{ended="nothing"} 1' in lines
