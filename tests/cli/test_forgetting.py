import json

import pytest

from index.cli import main
from index.errors import LibraryBusy
from index.storage.embedded.store import EmbeddedStore
from tests.news import write_news


@pytest.fixture(autouse=True)
def indexed(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("ONRECORD_HOME", raising=False)
    write_news(tmp_path / "seeds")
    assert main(["reindex"]) == 0
    capsys.readouterr()


def run(capsys, *arguments):
    code = main(arguments)
    out, err = capsys.readouterr()
    return code, out, err


def run_json(capsys, *arguments):
    code, out, _ = run(capsys, *arguments, "--json")
    return code, [json.loads(line) for line in out.splitlines()]


def test_an_article_is_forgotten_and_it_is_told_what_remains(capsys):
    code, out, _ = run(capsys, "forget", "bridge")
    assert code == 0
    assert "Forgotten: Harwick closes its swing bridge for repairs (1 article, " in out
    assert "I don't read it again" in " ".join(out.split())
    assert "Nothing of it is left in the library's files" in " ".join(out.split())
    assert run(capsys, "show", "bridge")[0] == 1
    assert "1 article was left out" in run(capsys, "reindex")[1]


def test_a_speaker_is_forgotten_for_programs_too(capsys):
    code, (forgotten, wiped) = run_json(capsys, "forget", "--speaker", "Ada Marsh")
    assert code == 0
    assert (forgotten["event"], forgotten["what"], forgotten["articles"]) == ("forgotten", "Ada Marsh", 0)
    assert forgotten["statements"] >= 3
    assert (wiped["event"], wiped["done"]) == ("wiped", True)
    assert "Ada Marsh" not in run(capsys, "speakers")[1]


def test_what_is_not_stored_is_said_in_a_line(capsys):
    code, _, err = run(capsys, "forget", "nowhere")
    assert (code, err) == (
        1,
        "onrecord: No article “nowhere” is stored; an answer's citation names the ones that are, or give an address.\n",
    )
    code, (event,) = run_json(capsys, "forget", "--speaker", "Nobody")
    assert (code, event["event"]) == (1, "error")


def test_bytes_that_can_not_be_wiped_now_are_said_to_lie_there_still(capsys, monkeypatch):
    def busy(self):
        raise LibraryBusy("Another process is writing: try again.")

    monkeypatch.setattr(EmbeddedStore, "compact", busy)
    code, (_, wiped) = run_json(capsys, "forget", "bridge")
    assert (code, wiped["done"]) == (0, False)
    assert wiped["message"].startswith("Its bytes still lie in the library's files until `onrecord compact` has run:")


def test_one_thing_has_to_be_named(capsys):
    with pytest.raises(SystemExit) as stopped:
        main(["forget"])
    assert stopped.value.code == 2
