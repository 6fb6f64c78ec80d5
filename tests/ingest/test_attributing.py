import os
import pickle
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from index.ingest import attributing
from index.ingest.attributing import attribute_all, attributed
from index.ingest.cleaning import clean
from tests.ingest.builders import a_record

ROOT = Path(__file__).parents[2]


def an_article(number):
    text = f"Top {number}\n“I counted to {number},” Mayor Ida Brock said.\nShe left with Max Poe."
    return clean(a_record(text), article_id=f"a{number}").article


def identity(job):
    return job


class Deadly:
    """What kills the process that receives it."""

    id, paragraphs = "deadly", ()

    def __reduce__(self):
        return os._exit, (1,)


def test_many_processes_find_what_one_finds_in_the_same_order():
    articles = [an_article(n) for n in range(120)]
    alone = list(attribute_all(articles, identity, processes=1))
    assert [job.id for job, _ in alone] == [a.id for a in articles]
    assert all(found for _, found in alone)
    assert list(attribute_all(iter(articles), identity, processes=2, few=3)) == alone


def test_no_more_is_read_than_is_worked_on():
    read = []

    def stream():
        for number in range(1000):
            read.append(number)
            yield an_article(number)

    results = attribute_all(stream(), identity, processes=2, few=1)
    next(results)
    assert len(read) < 200
    results.close()


def test_few_but_long_articles_are_worth_processes(monkeypatch):
    monkeypatch.setattr(attributing, "_FEW_CHARACTERS", 10)
    assert [job.id for job, _ in attribute_all([an_article(1), an_article(2)], identity, processes=1)] == ["a1", "a2"]


def test_a_process_that_dies_costs_nothing_but_its_own_article_and_is_told_once(caplog):
    jobs = [an_article(1), Deadly(), *[an_article(n) for n in range(2, 150)]]
    found = dict(enumerate(attribute_all(jobs, identity, processes=1 + 1, few=1)))
    assert len(found) == len(jobs)
    assert isinstance(found[1][1], str)
    assert all(
        statements for number, (_, statements) in found.items() if number != 1 and not isinstance(statements, str)
    )
    assert sum(isinstance(statements, str) for _, statements in found.values()) == 1
    assert len([r for r in caplog.records if "goes on in one process" in r.message]) == 1


def test_an_article_that_takes_for_ever_is_given_up(monkeypatch):
    monkeypatch.setattr(attributing, "_PATIENCE", 0.45)
    monkeypatch.setattr(attributing, "attribute", lambda article: time.sleep(9) if article.id == "a1" else ())
    found = attribute_all([an_article(1), an_article(2)], identity)
    assert [statements for _, statements in found] == ["TimeoutError: it took longer than 0 seconds", ()]


def test_on_another_thread_nothing_is_timed():
    with ThreadPoolExecutor(1) as threads:
        (found,) = threads.submit(list, attribute_all([an_article(1)], identity)).result()
    assert found[1]


PROGRAM = """
from index.ingest.attributing import attribute_all
from index.model import Article, Paragraph

print("the program runs")
jobs = [
    Article(id=f"a{n}", title="", paragraphs=(Paragraph(article_id=f"a{n}", number=1, text="“No,” Ida Brock said."),))
    for n in range(20)
]
print(sum(len(found) for _, found in attribute_all(jobs, lambda job: job, processes=2, few=1)))
"""


def run(*arguments):
    return subprocess.run(
        [sys.executable, *arguments], capture_output=True, text=True, check=True, timeout=120
    ).stdout.split("\n")


def test_the_program_does_not_run_again_in_the_processes_that_it_starts(tmp_path, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    (tmp_path / "program.py").write_text(PROGRAM)
    assert run(str(tmp_path / "program.py")) == ["the program runs", "20", ""]


def test_a_process_that_attributes_loads_nothing_of_storing_or_of_reading_pages(monkeypatch):
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    told = run("-c", "import index.ingest.attributing, sys; print(*sys.modules)")
    loaded = set(told[0].split())
    assert "index.text.attribution" in loaded
    assert not loaded & {"numpy", "pydantic", "pydantic_core", "sqlite3", "tantivy", "lxml", "trafilatura", "ftfy"}


def test_articles_and_statements_come_through_to_another_process_whole():
    article = an_article(7)
    sent = article, attributed(article)
    assert sent[1]
    assert pickle.loads(pickle.dumps(sent)) == sent
