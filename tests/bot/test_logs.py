import json
import logging

import pytest

from bot.logs import write_logs


@pytest.fixture
def write(monkeypatch):
    """Writes logs from a root logger without handlers, as a command finds it."""
    levels = {name: logging.getLogger(name).level for name in ("", "discord", "discord.client")}

    def written(form):
        monkeypatch.setattr(logging.getLogger(), "handlers", [])
        write_logs(form)

    yield written
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)


def test_for_machines_each_line_is_an_object(write, capsys):
    write("json")
    logging.getLogger("bot.test").info("read %d “articles”\nand a line", 3)
    try:
        int("no")
    except ValueError:
        logging.getLogger("bot.test").exception("it failed")
    first, second = map(json.loads, capsys.readouterr().err.splitlines())
    assert first["message"] == "read 3 “articles”\nand a line"
    assert (first["level"], first["logger"]) == ("info", "bot.test")
    assert first["time"].endswith("+00:00")
    assert "ValueError: invalid" in second["error"]


def test_for_people_each_line_is_a_sentence(write, capsys):
    write("text")
    logging.getLogger("bot.test").info("ready")
    logging.getLogger("discord").info("of no interest")
    assert capsys.readouterr().err.endswith("INFO bot.test: ready\n")
