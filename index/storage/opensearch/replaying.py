"""What happened after a full change, done once more on the generation before it."""

from index.storage.opensearch.connection import Connection
from index.storage.opensearch.copies import Signed
from index.storage.opensearch.corpus import ClusterCorpus
from index.storage.opensearch.layout import REGISTER
from index.storage.opensearch.reading import NOTHING_STORED, Reading
from index.storage.opensearch.writer import ClusterWriter
from index.storage.records import DERIVED, Unit

_AT_ONCE = 100  # articles that are brought over together


def replay(connection: Connection, later: int, writer: ClusterWriter, *, since: int) -> None:
    """Brings removals, articles and sources over from a later generation.

    Args:
        connection: to the cluster.
        later: the later generation.
        writer: a change of the earlier one.
        since: the sequence number after which changes are brought over.
    """
    reading = Reading(connection, 0, held=False, generation=later)
    corpus = ClusterCorpus(reading)
    changed = list(corpus.changes(since - 1))
    for change in changed:
        if change.removed and change.sequence > since:
            writer.remove(change.article_id)
    for name, value in corpus.metas().items():
        if name not in DERIVED:
            writer.set_meta(name, value)
    if sources := corpus.sources():
        writer.set_sources(sources)
    query = {"range": {"sequence": {"gt": since}}}
    hits = reading.stream(Unit.ARTICLE, query, [{"article": "asc"}], NOTHING_STORED)
    written = [hit["sort"][0] for hit in hits]
    for start in range(0, len(written), _AT_ONCE):
        portion = written[start : start + _AT_ONCE]
        documents, families = corpus.documents(portion), _families(reading, portion)
        signed = _signed(reading, portion)
        for article_id, stored in corpus.articles(portion).items():
            writer.put(stored, documents[article_id], families=families)
            if article_id in signed:
                writer.copies().sign(article_id, signed[article_id].signature)
    for change in changed:
        writer.note_change(change.article_id)


def holds_forgotten(connection: Connection, generation: int, previous: int) -> bool:
    """Whether something has been forgotten since the previous generation answered."""
    now, before = (
        ClusterCorpus(Reading(connection, 0, held=False, generation=each)).meta("forgotten")
        for each in (generation, previous)
    )
    return now != before


def _families(reading: Reading, article_ids: list[str]) -> dict[str, str]:
    query = {"bool": {"filter": [{"term": {"kind": "mention"}}, {"terms": {"article": article_ids}}]}}
    order = [{"id": "asc"}, {"article": "asc"}]
    return {hit["_source"]["id"]: hit["_source"]["family"] for hit in reading.stream(REGISTER, query, order)}


def _signed(reading: Reading, article_ids: list[str]) -> dict[str, Signed]:
    query = {"bool": {"filter": [{"term": {"kind": "signature"}}, {"terms": {"id": article_ids}}]}}
    hits = reading.stream(REGISTER, query, [{"id": "asc"}])
    return {hit["_source"]["id"]: Signed.of(hit["_source"]) for hit in hits}
