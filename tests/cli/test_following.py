import json
import os
import signal
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from index.cli import main
from index.storage import open_store
from tests.ingest.web.site import Site, an_article


@pytest.fixture
def site(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ONRECORD_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("ONRECORD_ALLOW_PRIVATE_ADDRESSES", "true")
    monkeypatch.setattr("index.ingest.web.manners.GAP", 0.0)
    with Site() as made:
        for n in (1, 2):
            made.put(f"/a{n}", an_article(f"Bridge {n}", n=str(n)))
        lists(made, 1)
        yield made


def lists(site, *numbers):
    site.feed("/feed", [{"title": f"Bridge {n}", "link": f"{site.address}/a{n}", "guid": str(n)} for n in numbers])


def run(capsys, *arguments):
    code = main(arguments)
    out, err = capsys.readouterr()
    return code, " ".join(out.split()), " ".join(err.split())


def run_json(capsys, *arguments):
    code = main([*arguments, "--json"])
    return code, [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_a_feed_is_added_shown_polled_and_removed(site, capsys):
    url = site.address + "/feed"
    code, out, _ = run(capsys, "add", url)
    assert (code, out.startswith(f"Following the feed {url} (The Elm Echo): 1 article, 4 statements; next poll")) == (
        0,
        True,
    )
    assert run(capsys, "add", url)[1] == f"{url} is a source already (1 article)."
    out = run(capsys, "sources")[1]
    assert f"The Elm Echo {url} · 1 article, 4 statements · read" in out
    assert "next poll" in out
    assert f'xmlUrl="{url}"' in run(capsys, "sources", "--opml")[1]
    assert run(capsys, "remove", "elm")[1] == f"{url} is no longer a source; 1 article stays in the index."
    code, _, err = run(capsys, "remove", "elm")
    assert (code, "No source is called" in err) == (1, True)


def test_for_programs_there_are_lines_of_json(site, capsys):
    url = site.address + "/feed"
    code, (source, report) = run_json(capsys, "add", url)
    assert (code, source["event"], source["outcome"], source["source"]["kind"]) == (0, "source", "added", "feed")
    assert (report["event"], report["added"], report["articles"]) == ("report", 1, 1)
    (shown,) = run_json(capsys, "sources")[1]
    assert (shown["name"], shown["title"], shown["failures"], shown["last_error"]) == (url, "The Elm Echo", 0, None)
    code, (failed, error) = run_json(capsys, "add", site.address + "/none")
    assert (code, failed["outcome"], error["event"]) == (1, "failed", "error")
    assert "404" in error["message"]
    (removed,) = run_json(capsys, "remove", url, "--articles")[1]
    assert (removed["event"], removed["removed"], removed["articles"]) == ("report", 1, 0)
    assert run_json(capsys, "remove", url) == (
        1,
        [{"event": "error", "message": f"No source is called “{url}”; onrecord sources lists them."}],
    )
    (nothing,) = run_json(capsys, "watch")[1]
    assert "nothing to poll" in nothing["message"]


def test_files_and_addresses_are_added_together_and_a_mistake_spoils_nothing(site, capsys, tmp_path):
    (tmp_path / "note.txt").write_text("Quay\n\n“It is open,” Mayor Ada Roe said on Monday.\n")
    code, out, err = run(capsys, "add", site.address + "/feed", "note.txt", "ftp://example.org/")
    assert code == 1
    assert "Following the feed" in out
    assert "1 added" in out
    assert "only addresses that start with http" in err
    kinds = [source["kind"] for source in run_json(capsys, "sources")[1]]
    assert sorted(kinds) == ["feed", "file"]


def test_a_reindex_without_names_polls_too_and_one_with_names_keeps_the_feeds(site, capsys, tmp_path, monkeypatch):
    run(capsys, "add", site.address + "/feed")
    lists(site, 1, 2)
    monkeypatch.setattr("index.ingest.web.schedule.SHORTEST", 0.0)
    _, lines = run_json(capsys, "reindex")
    assert (lines[-1]["event"], lines[-1]["added"], lines[-1]["articles"]) == ("report", 1, 2)
    (tmp_path / "note.txt").write_text("Quay\n\n“It is open,” Mayor Ada Roe said on Monday.\n")
    assert run(capsys, "reindex", "note.txt")[0] == 0
    assert run(capsys, "reindex", "--full")[0] == 0
    sources = {source["kind"]: source["articles"] for source in run_json(capsys, "sources")[1]}
    assert sources == {"file": 1, "feed": 2}


def test_where_there_are_no_sources_they_are_not_made_up_and_nothing_is_read(site, capsys):
    code, out, err = run(capsys, "sources")
    assert (code, out, err) == (0, "There are no sources yet: onrecord add URL|FILE names one.", "")
    assert run_json(capsys, "sources") == (0, [])
    assert "<body>" in run(capsys, "sources", "--opml")[1]


def test_a_page_whose_article_a_feed_has_given_says_so(site, capsys):
    run(capsys, "add", site.address + "/feed")
    code, out, _ = run(capsys, "add", site.address + "/a1")
    assert code == 0
    assert "0 articles, 0 statements; its article is known already; next poll" in out


def test_a_failing_source_says_since_when(site, capsys, monkeypatch):
    run(capsys, "add", site.address + "/feed")
    site.put("/feed", status=500)
    monkeypatch.setattr("index.ingest.web.schedule.SHORTEST", 0.0)
    assert "the host is in trouble (500)" in run(capsys, "reindex")[1]
    assert "failing: the host is in trouble (500) (1 time since" in run(capsys, "sources")[1]


def test_a_watch_tells_of_what_comes_and_ends_when_it_is_asked_to(site, capsys):
    run(capsys, "add", site.address + "/feed")
    lists(site, 1, 2)
    store = open_store(Path(os.environ["ONRECORD_HOME"]))
    with store.write() as writer:
        writer.set_sources([replace(state, next_poll=None) for state in store.snapshot().corpus.sources()])
        writer.commit()
    store.close()
    process = subprocess.Popen(
        [sys.executable, "-m", "index.cli", "watch", "--json"], stdout=subprocess.PIPE, text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )  # fmt: skip
    assert json.loads(process.stdout.readline()) == {"event": "watching", "sources": 1}
    poll = json.loads(process.stdout.readline())
    assert (poll["event"], poll["added"], poll["error"], poll["source"]["articles"]) == ("poll", 1, None, 2)
    process.send_signal(signal.SIGTERM)
    assert json.loads(process.stdout.readline()) == {"event": "stopped"}
    assert process.wait(60) == 0
    process.stdout.close()


def test_a_watch_tells_a_person_only_what_is_new_or_wrong(site, capsys):
    run(capsys, "add", site.address + "/feed", site.put("/feed2", site.pages["/feed"].body, type="application/rss+xml"))
    lists(site, 1, 2)
    site.put("/feed2", status=500)
    store = open_store(Path(os.environ["ONRECORD_HOME"]))
    with store.write() as writer:
        writer.set_sources([replace(state, next_poll=None) for state in store.snapshot().corpus.sources()])
        writer.commit()
    store.close()
    over = threading.Event()

    def stop_once_all_were_polled():
        mine = open_store(Path(os.environ["ONRECORD_HOME"]))
        while any(state.next_poll is None for state in mine.snapshot().corpus.sources()) and not over.wait(0.05):
            pass
        mine.close()
        if not over.is_set():
            os.kill(os.getpid(), signal.SIGTERM)

    stopping = threading.Thread(target=stop_once_all_were_polled)
    stopping.start()
    code, out, _ = run(capsys, "watch")
    over.set()
    stopping.join()
    assert code == 0
    assert "Watching 2 sources; Ctrl-C stops." in out
    assert "The Elm Echo: 1 new article, 4 new statements." in out
    assert out.count("The Elm Echo: the host is in trouble (500).") == 1
    assert "Stopped; everything read until now is kept." in out
    site.put("/moved", status=301, headers={"Location": "/feed"})
    run(capsys, "add", site.address + "/moved")


def test_what_a_feed_in_the_wrong_place_is_told_about(site, capsys):
    assert "onrecord add follows an address" in run(capsys, "reindex", site.address + "/feed")[2]
    assert "nothing to poll" in run(capsys, "watch")[2]


def test_while_another_process_writes_adding_says_so_in_the_end(site, capsys, monkeypatch):
    run(capsys, "add", site.address + "/a1")
    monkeypatch.setattr("index.ingest.web.watching._BUSY_TRIES", 2)
    monkeypatch.setattr("index.ingest.web.watching._TICK", 0.01)
    store = open_store(Path(os.environ["ONRECORD_HOME"]))
    with store.write():
        assert run(capsys, "add", site.address + "/feed")[0] == 1
        assert run_json(capsys, "add", site.address + "/feed")[1][-1]["event"] == "error"
    store.close()
