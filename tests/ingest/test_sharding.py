"""Several workers that bring the same sources in together."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest

from index.cli import main
from index.errors import SourceError
from index.ingest.sharding import belongs, ingest
from tests.ingest.warcs import records
from tests.kept import store_at


@pytest.fixture
def papers(tmp_path):
    path = tmp_path / "papers.jsonl"
    lines = [{"id": f"a{n}", "text": f"Mayor Ann Holt{n % 7} said the pier number {n} was old."} for n in range(60)]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return path


def test_every_item_belongs_to_exactly_one_worker_whenever_it_is_asked():
    for item in ("a", "papers.jsonl:7", "half \ud83d"):
        assert [belongs(item, shard, 5) for shard in range(5)].count(True) == 1
        assert belongs(item, 0, 1)


def test_workers_side_by_side_bring_everything_in_once(papers, tmp_path):
    stores = [store_at(tmp_path / "home") for _ in range(3)]
    with ThreadPoolExecutor(3) as pool:
        runs = [
            pool.submit(ingest, store, [str(papers)], shard=n, of=3, batch=7, processes=1)
            for n, store in enumerate(stores)
        ]
        reports = [run.result() for run in runs]
    assert sum(report.added for report in reports) == 60
    assert all(0 < report.added < 60 for report in reports)
    corpus = stores[0].snapshot().corpus
    assert sorted(corpus.article_ids()) == sorted(f"a{n}" for n in range(60))
    assert [state.articles for state in corpus.sources()] == [60]
    assert sum(person.statements for person in corpus.people_like("")) == 60
    for store in stores:
        store.close()


def test_a_worker_that_is_started_again_goes_on_where_it_stopped(papers, tmp_path):
    store = store_at(tmp_path / "home")
    assert ingest(store, [str(papers)], shard=0, of=2, batch=10, processes=1).added > 0
    again = ingest(store, [str(papers)], shard=0, of=2, processes=1)
    assert (again.added, again.changed) == (0, 0)
    assert ingest(store, [str(papers)], shard=1, of=2, processes=1).articles == 60
    store.close()


def test_workers_share_the_pages_of_the_archives_in_a_folder(tmp_path):
    folder = tmp_path / "news"
    folder.mkdir()
    (folder / "a.warc").write_bytes(b"".join(records(12)))
    store = store_at(tmp_path / "home")
    added = [ingest(store, [str(folder)], shard=n, of=3, processes=1).added for n in range(3)]
    assert sum(added) == 12
    assert all(0 < each < 12 for each in added)
    assert [state.kind for state in store.snapshot().corpus.sources()] == ["archive"]
    store.close()


def test_an_archive_that_is_damaged_is_told(tmp_path):
    path = tmp_path / "a.warc.gz"
    path.write_bytes(b"no gzip")
    store = store_at(tmp_path / "home")
    with pytest.raises(SourceError, match="damaged"):
        ingest(store, [str(path)], shard=0, of=1, processes=1)
    store.close()


def test_a_source_without_anything_for_this_worker_is_no_failure(tmp_path):
    path = tmp_path / "one.jsonl"
    path.write_text('{"id": "a", "text": "Ann Holt said it rained."}\n')
    store = store_at(tmp_path / "home")
    added = [ingest(store, [str(path)], shard=n, of=40, processes=1).added for n in range(40)]
    assert sum(added) == 1
    with pytest.raises(SourceError):
        ingest(store, [str(tmp_path / "absent.txt")])
    store.close()


def test_the_command_says_what_a_share_looks_like(papers, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("ONRECORD_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("ONRECORD_ENGINE", "okapi")
    assert main(["ingest", "--shard", "0/2", "--json", str(papers)]) == 0
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["added"] > 0
    assert main(["ingest", "--shard", "1/2", str(papers)]) == 0
    assert main(["ingest", "--json", str(tmp_path / "absent.txt")]) == 1
    with pytest.raises(SystemExit):
        main(["ingest", "--shard", "2/2", str(papers)])
    assert "write it as 0/4" in capsys.readouterr().err
