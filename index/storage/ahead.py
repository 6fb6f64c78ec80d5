"""Tells a store that is far away what it is about to be asked, so that one way there and back serves for all."""

from collections.abc import Callable, Iterable

from index.storage.base import Corpus, Engine


def search_ahead(engine: Engine, *asking: Callable[[Engine], object]) -> None:
    """Lets an engine answer together what it is about to be asked one after the other; one at hand isn't asked.

    Args:
        engine: which is asked afterwards, as if nothing had been asked before.
        asking: each searches or browses the engine that it is given, whatever comes of it.
    """
    if hasattr(engine, "search_ahead"):  # a check by a protocol takes as long as a small look-up
        engine.search_ahead(asking)


def read_ahead(
    corpus: Corpus, *, articles: Iterable[str] = (), names: Iterable[str] = (), keys: Iterable[str] = ()
) -> None:
    """Lets a corpus fetch together what it is about to be asked for one by one; one at hand doesn't look at what.

    Args:
        corpus: which is asked afterwards.
        articles: ids, of which no raw record is wanted.
        names: folded names, for `people_named`.
        keys: of speakers within articles, for `person_of`.
    """
    if hasattr(corpus, "read_ahead"):
        corpus.read_ahead(articles, names, keys)
