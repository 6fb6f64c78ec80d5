import io
import sys
from pathlib import Path

import pytest

from index.cli import main
from tests.news import write_news


@pytest.fixture
def chat(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    """Pipes lines into a conversation over two articles and gives what was printed."""
    monkeypatch.chdir(tmp_path)
    write_news(tmp_path / "seeds")

    def talk(*lines: str) -> str:
        monkeypatch.setattr(sys, "stdin", io.StringIO("".join(f"{line}\n" for line in lines)))
        assert main(["chat"]) == 0
        return capsys.readouterr().out

    return talk


def test_piped_questions_are_answered_to_the_end(chat) -> None:
    printed = chat("what did Marsh say about the pier?", "", "what did Okoro say about the plan?")
    assert "> what did Marsh say about the pier?" in printed
    assert "Not one brick" in printed
    assert "a tax on nurses" in printed


def test_a_follow_up_carries_the_speaker_over(chat) -> None:
    printed = chat("what did Marsh say about the pier?", "and about the toll?")
    assert "What Ada Marsh said about the toll" in printed


def test_a_passage_is_shown_in_its_surroundings(chat) -> None:
    printed = chat("what did Marsh say about the pier?", "show 1", "show 9")
    assert "until October" in printed.partition("> show 1")[2]
    assert "no passage 9" in printed


def test_help_speakers_and_quit(chat) -> None:
    printed = chat("help", "speakers oko", "quit", "what did Marsh say?")
    assert "Ask as you would ask a colleague" in printed
    assert "Ben Okoro" in printed
    assert "brick" not in printed.partition("> quit")[2]


def test_a_question_that_cant_be_asked_doesnt_end_the_conversation(chat) -> None:
    printed = chat("x" * 1001, "what did Okoro say?")
    assert "1,001 characters" in printed
    assert "Ben Okoro" in printed
