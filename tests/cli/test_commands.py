import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from index.cli import main
from tests.news import write_news


@pytest.fixture
def news(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with an empty home and two articles in `seeds`."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("ONRECORD_HOME", raising=False)
    return write_news(tmp_path / "seeds")


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = main(arguments)
    out, err = capsys.readouterr()
    return code, out, err


def run_json(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict:
    code, out, _ = run(capsys, *arguments, "--json")
    assert code == 0
    return json.loads(out)


def test_the_first_question_indexes_the_default_sources_and_is_answered(news, capsys) -> None:
    code, out, err = run(capsys, "ask", "what did Marsh say about the pier?")
    assert code == 0
    assert "reading seeds" in err
    assert "Not one brick of the old pier will fall" in out
    assert "Ada Marsh" in out
    assert "Coast Wire, 5 June 2024, paragraph 2" in out


def test_ask_json_keeps_the_contract(news, capsys) -> None:
    answer = run_json(capsys, "ask", "what did Marsh say about the pier?")
    assert answer["intent"] == "said"
    assert answer["found"] is True
    assert answer["speaker"]["name"] == "Ada Marsh"
    assert answer["topic"] == "the pier"
    passage = answer["passages"][0]
    assert passage["article"]["id"] == "bridge"
    assert passage["citation"]["url"].startswith("https://example.org/coast/bridge#:~:text=")
    for quote in passage["quotes"]:
        for span in quote["content"]:
            if span["paragraph"] == passage["paragraph"]["number"]:
                assert passage["paragraph"]["text"][span["start"] : span["end"]] == span["text"]
    assert set(passage) == {"score", "article", "paragraph", "quotes", "citation", "also_in"}


def test_nobody_by_that_name_says_so_and_what_is_covered(news, capsys) -> None:
    code, out, _ = run(capsys, "ask", "what did Zimmermann say?")
    assert code == 0
    assert "Nobody called “Zimmermann” is on record." in out
    assert "2 articles" in out


def test_a_batch_is_answered_line_by_line_and_bad_lines_are_named(news, capsys, tmp_path) -> None:
    batch = tmp_path / "batch.jsonl"
    rows = [
        json.dumps({"id": 1, "question": "what did Okoro say?"}),
        "{not json",
        json.dumps({"id": "b", "question": "what did she say about the toll?", "context": ["what did Marsh say?"]}),
        json.dumps({"id": "c", "question": "what did Okoro say about nurses?", "asked": "2024-06-06"}),
        json.dumps({"id": "d", "question": " "}),
    ]
    batch.write_text("\n".join(rows) + "\n", encoding="utf-8")
    code, out, err = run(capsys, "ask", "--batch", str(batch), "--json")
    assert code == 1
    answers = {row["id"]: row for row in map(json.loads, out.splitlines())}
    assert answers["1"]["speaker"]["name"] == "Ben Okoro"
    assert answers["b"]["speaker"]["name"] == "Ada Marsh"
    assert not any(p["article"]["id"] == "toll" for p in answers["c"]["passages"])
    assert "line 2 is no question" in err
    assert "line 5" in err


def test_a_readable_batch_repeats_each_question(news, capsys, monkeypatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO('{"id": "a", "question": "what did Okoro say?"}\n'))
    code, out, _ = run(capsys, "ask", "--batch", "-")
    assert code == 0
    assert "> what did Okoro say?" in out
    assert "Ben Okoro" in out


def test_a_batch_that_is_not_there_is_explained(news, capsys) -> None:
    code, _, err = run(capsys, "ask", "--batch", "nowhere.jsonl")
    assert code == 1
    assert "nowhere.jsonl: it can't be read" in err


def test_ask_wants_a_question_or_a_batch(news, capsys) -> None:
    assert run(capsys, "ask")[0] == 2


def test_said_takes_speaker_topic_time_and_outlet_apart(news, capsys) -> None:
    answer = run_json(
        capsys, "said", "Ada Marsh", "--about", "toll", "--since", "2024-06-10", "--outlet", "The Harwick Times"
    )
    assert {p["article"]["id"] for p in answer["passages"]} == {"toll"}
    assert answer["since"] == "2024-06-10"


def test_said_by_nobody_in_that_time_says_so(news, capsys) -> None:
    answer = run_json(capsys, "said", "Ada Marsh", "--until", "2020-01-01")
    assert answer["found"] is False
    assert "by Ada Marsh on record, but none" in answer["reason"]


def test_a_wrong_day_is_wrong_usage(news, capsys) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["said", "Ada Marsh", "--since", "June"])
    assert stopped.value.code == 2
    assert "write it as 2026-05-31" in capsys.readouterr().err


def test_show_prints_a_paragraph_in_its_surroundings(news, capsys) -> None:
    code, out, _ = run(capsys, "show", "bridge#2")
    assert code == 0
    assert "Not one brick" in out
    assert "[Ada Marsh]" in out
    assert "Ben Okoro" in out


def test_show_json_holds_all_paragraphs(news, capsys) -> None:
    shown = run_json(capsys, "show", "bridge")
    assert [p["number"] for p in shown["paragraphs"]] == [0, 1, 2, 3, 4]
    assert shown["number"] is None


@pytest.mark.parametrize(("reference", "words"), [("nothing#1", "No article"), ("bridge#99", "has no paragraph 99")])
def test_a_reference_that_names_nothing_is_explained(news, capsys, reference, words) -> None:
    code, _, err = run(capsys, "show", reference)
    assert code == 1
    assert words in err


def test_speakers_are_listed_by_statements_and_found_by_prefix(news, capsys) -> None:
    _, out, _ = run(capsys, "speakers")
    assert "Ada Marsh" in out
    assert "Ben Okoro" in out
    _, out, _ = run(capsys, "speakers", "oko")
    assert "Ben Okoro" in out
    assert "Marsh" not in out
    _, out, _ = run(capsys, "speakers", "xyzzy")
    assert "Nobody" in out


def test_speakers_json_is_a_line_each(news, capsys) -> None:
    _, out, _ = run(capsys, "speakers", "--json")
    names = [json.loads(line)["name"] for line in out.splitlines()]
    assert "Ada Marsh" in names


def test_quotes_prints_offsets_into_the_record_as_it_came_in(news, capsys) -> None:
    record = json.loads((news / "toll.jsonl").read_text(encoding="utf-8"))
    code, out, _ = run(capsys, "quotes", str(news / "toll.jsonl"), "--json")
    assert code == 0
    printed = json.loads(out)
    assert printed["id"] == "toll"
    assert {q["speaker"]["name"] for q in printed["quotes"] if q["speaker"]} >= {"Ada Marsh", "Ben Okoro"}
    for quote in printed["quotes"]:
        for span in quote["content"]:
            assert record["text"][span["start"] : span["end"]] == span["text"]


def test_quotes_reads_records_from_standard_input(news, capsys, monkeypatch) -> None:
    line = (news / "toll.jsonl").read_bytes()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(line)))
    code, out, _ = run(capsys, "quotes", "-")
    assert code == 0
    assert "Ben Okoro" in out


def test_reindex_reports_what_it_did(news, capsys) -> None:
    code, out, _ = run(capsys, "reindex")
    assert code == 0
    assert "2 added, 0 changed, 0 unchanged, 0 removed, 0 failed" in out
    (news / "toll.jsonl").unlink()
    _, out, _ = run(capsys, "reindex")
    assert "0 added, 0 changed, 1 unchanged, 1 removed" in out


def test_reindex_json_ends_with_a_report(news, capsys) -> None:
    code, out, _ = run(capsys, "reindex", "--json")
    events = [json.loads(line) for line in out.splitlines()]
    assert code == 0
    assert events[-1]["event"] == "report"
    assert events[-1]["added"] == 2


def test_a_source_that_is_not_there_is_reported_and_changes_nothing(news, capsys) -> None:
    run(capsys, "reindex")
    _, out, err = run(capsys, "reindex", "nowhere")
    assert "nowhere" in out + err
    _, out, _ = run(capsys, "ask", "what did Okoro say?")
    assert "Ben Okoro" in out


def test_add_keeps_the_sources_that_were_there(news, capsys, tmp_path) -> None:
    run(capsys, "reindex")
    more = tmp_path / "more.txt"
    more.write_text("Quay cafe opens\n\nCook Lena Frost said the coffee is free on Sunday.\n", encoding="utf-8")
    run(capsys, "add", str(more))
    _, out, _ = run(capsys, "sources")
    assert "seeds" in out
    assert "more.txt" in out
    assert run_json(capsys, "ask", "what did Frost say?")["found"] is True
    sources = run(capsys, "sources", "--json")[1].splitlines()
    assert len(sources) == 2
    assert json.loads(sources[0])["articles"] == 2


def test_doctor_says_what_is_well(news, capsys) -> None:
    run(capsys, "reindex")
    code, out, _ = run(capsys, "doctor")
    assert code == 0
    assert "2 articles" in out


def test_doctor_names_what_needs_mending(tmp_path, monkeypatch, capsys) -> None:
    monkeypatch.chdir(tmp_path)
    code, out, _ = run(capsys, "doctor")
    assert code == 1
    assert "MEND" in out
    assert "onrecord reindex" in out


def test_nothing_to_index_is_one_sentence(tmp_path, monkeypatch, capsys) -> None:
    monkeypatch.chdir(tmp_path)
    code, _, err = run(capsys, "ask", "what did Marsh say?")
    assert code == 1
    assert "run onrecord reindex FILE-OR-FOLDER" in err


def test_a_setting_that_cant_be_used_is_one_sentence(news, monkeypatch, capsys) -> None:
    monkeypatch.setenv("ONRECORD_LIMIT", "many")
    code, _, err = run(capsys, "speakers")
    assert code == 1
    assert "ONRECORD_LIMIT can't be used" in err


def test_an_article_cant_steer_the_terminal(tmp_path, monkeypatch, capsys) -> None:
    monkeypatch.chdir(tmp_path)
    body = '"Stay \x1b[2J in [bold]bed[/bold] \u202etoday," warden Ida Holm said.'
    text = f"Title: Red\x1b[31m alert\n\nRed alert\n\n{body}\n"
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds" / "red.txt").write_text(text, encoding="utf-8")
    _, out, _ = run(capsys, "ask", "what did Holm say?")
    assert "Ida Holm" in out
    assert "[bold]bed[/bold]" in out
    assert "\x1b" not in out
    assert "\u202e" not in out


def test_rollback_goes_back_before_the_last_full_reindex(news, capsys) -> None:
    run(capsys, "reindex")
    run(capsys, "reindex", "--full")
    code, out, _ = run(capsys, "rollback")
    assert code == 0
    assert "2 articles" in out
    assert run_json(capsys, "ask", "what did Okoro say?")["found"] is True


def test_rollback_without_a_state_to_go_back_to_is_one_sentence(news, capsys) -> None:
    run(capsys, "reindex")
    code, _, err = run(capsys, "rollback")
    assert code == 1
    assert err.startswith("onrecord: ")


def test_verify_reads_everything_and_compact_tidies_up(news, capsys) -> None:
    run(capsys, "reindex")
    assert run(capsys, "compact")[0] == 0
    code, out, _ = run(capsys, "verify")
    assert code == 0
    assert "MEND" not in out
    assert run_json(capsys, "ask", "what did Okoro say?")["found"] is True


def test_quotes_names_what_it_cant_read_and_goes_on(news, capsys, tmp_path) -> None:
    mixed = tmp_path / "mixed.jsonl"
    good = (news / "toll.jsonl").read_text(encoding="utf-8")
    too_many = json.dumps({"id": "lines", "text": "a\n" * 60_000})
    mixed.write_text("{broken\n" + too_many + "\n" + good, encoding="utf-8")
    code, out, err = run(capsys, "quotes", str(mixed), "--json")
    assert code == 1
    assert [json.loads(line)["id"] for line in out.splitlines()] == ["toll"]
    assert len(err.splitlines()) == 2


def test_a_reader_of_a_pipe_that_has_seen_enough_is_no_failure(news) -> None:
    root = Path(main.__code__.co_filename).parents[2]
    asking = subprocess.Popen(
        [sys.executable, "-m", "index.cli", "ask", "what did Marsh say?"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(root)},
    )
    assert asking.stdout is not None
    asking.stdout.close()
    assert asking.wait(30) == 0
    assert asking.stderr is not None
    with asking.stderr as told:
        assert b"Traceback" not in told.read()
