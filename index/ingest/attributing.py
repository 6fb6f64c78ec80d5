"""Runs attribution over a stream of articles, over several processes when they are many, in bounded memory."""

import gc
import logging
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from itertools import chain, islice
from multiprocessing import parent_process
from typing import TypeVar

from index.ingest.spawning import spawning
from index.model import Article, Quote
from index.text.attribution import attribute

log = logging.getLogger(__name__)

Attributed = tuple[Quote, ...] | str  # statements, or why there are none
Job = TypeVar("Job")

_FEW = 50  # articles that are not worth starting processes for
_FEW_CHARACTERS = 500_000
_CHUNK = 8  # articles sent to a process at once
_MOST = 8  # processes; each takes about 100 MB
_AHEAD = 3  # chunks that wait for each process
_PATIENCE = 20.0  # seconds that an article may take, and one more for so many characters:
_SLOWEST = 5_000
_GARBAGE = 50_000  # new objects between two looks for cycles in a process that attributes


def attribute_all(
    jobs: Iterable[Job],
    article_of: Callable[[Job], Article],
    *,
    processes: int | None = None,
    few: int = _FEW,
) -> Generator[tuple[Job, Attributed]]:
    """Yields each job with the statements of its article, in order; reads on only as far as it has to.

    Args:
        jobs: read lazily, in this process.
        article_of: the article of a job.
        processes: how many work beside this one; by default as many as there are processors, up to eight.
        few: up to so many articles no process is started.
    """
    stream = iter(jobs)
    first = _first(stream, article_of, few)
    count = processes or min(_processors(), _MOST)
    if len(first) < few and sum(len(p.text) for job in first for p in article_of(job).paragraphs) < _FEW_CHARACTERS:
        yield from ((job, attributed(article_of(job))) for job in first)
    elif count == 1:
        yield from ((job, attributed(article_of(job))) for job in chain(first, stream))
    else:
        yield from _over_processes(chain(first, stream), article_of, count)


def _processors() -> int:
    """How many this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _first(stream: Iterator[Job], article_of: Callable[[Job], Article], few: int) -> list[Job]:
    """Up to so many jobs, fewer when they are long."""
    first: list[Job] = []
    characters = 0
    for job in islice(stream, few):
        first.append(job)
        characters += sum(len(p.text) for p in article_of(job).paragraphs)
        if characters >= _FEW_CHARACTERS:
            break
    return first


def _over_processes(
    jobs: Iterator[Job], article_of: Callable[[Job], Article], count: int
) -> Iterator[tuple[Job, Attributed]]:
    waiting: deque[tuple[list[Job], Future[list[Attributed]]]] = deque()
    pool = ProcessPoolExecutor(count, mp_context=spawning(), initializer=_serve)
    alone = False

    def finished(chunk: list[Job], future: Future[list[Attributed]]) -> Iterator[tuple[Job, Attributed]]:
        nonlocal alone
        try:
            found = future.result()
        except BrokenProcessPool as error:
            if not alone:
                log.warning("attribution goes on in one process, because the others ended: %s", error)
            alone = True
            found = _each([article_of(job) for job in chunk])
        yield from zip(chunk, found, strict=True)

    try:
        while chunk := list(islice(jobs, _CHUNK)):
            waiting.append((chunk, _submit(pool, [article_of(job) for job in chunk])))
            if len(waiting) > _AHEAD * count:
                yield from finished(*waiting.popleft())
        while waiting:
            yield from finished(*waiting.popleft())
    finally:
        pool.shutdown(cancel_futures=True)


def _submit(pool: ProcessPoolExecutor, articles: list[Article]) -> Future[list[Attributed]]:
    try:
        return pool.submit(_each, articles)
    except BrokenProcessPool as error:
        failed: Future[list[Attributed]] = Future()
        failed.set_exception(error)
        return failed


def spare_garbage() -> None:
    """Looks for cycles less often, in a process that only attributes: what one article makes is gone by the next."""
    gc.freeze()
    gc.set_threshold(_GARBAGE)


@contextmanager
def sparing_garbage() -> Iterator[None]:
    """Looks for cycles less often for a while, in the process that puts what is made of many articles."""
    before = gc.get_threshold()
    gc.set_threshold(max(before[0], _GARBAGE) if before[0] else 0, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


def _serve() -> None:
    """Readies a process: Ctrl-C is for the one that writes, and when that one is killed, this one ends too."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    spare_garbage()
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    if (parent := parent_process()) is not None:
        parent.join()
        os._exit(1)


def _each(articles: list[Article]) -> list[Attributed]:
    return [attributed(article) for article in articles]


def attributed(article: Article) -> Attributed:
    """The statements of one article, or why there are none; never raises, and ends in bounded time."""
    seconds = _PATIENCE + sum(len(p.text) for p in article.paragraphs) / _SLOWEST
    try:
        with _at_most(seconds):
            return attribute(article)
    except Exception as error:  # whatever one article does, the others are read
        log.warning("attribution failed on %s", article.id, exc_info=True)
        return f"{type(error).__name__}: {error}"


@contextmanager
def _at_most(seconds: float) -> Iterator[None]:
    """Raises TimeoutError after so long, where the system can: on the main thread, which is where processes work."""
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(*_: object) -> None:
        raise TimeoutError(f"it took longer than {seconds:.0f} seconds")

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
