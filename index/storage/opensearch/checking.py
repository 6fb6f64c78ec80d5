"""What doctor and verify say of a library in a cluster."""

from typing import TYPE_CHECKING

from index.errors import EmptyLibrary, StoreError
from index.storage.records import StoredArticle, Unit

if TYPE_CHECKING:
    from index.storage.opensearch.store import ClusterStore

Finding = tuple[str, bool, str]


def findings(store: "ClusterStore") -> list[Finding]:
    """The cluster and what it holds: each with what to do where it is not well."""
    try:
        snapshot = store.snapshot()
        covered = snapshot.corpus.coverage()
    except EmptyLibrary as error:
        return [("index", False, str(error))]
    except StoreError as error:
        return [("cluster", False, str(error))]
    held = f"{covered.articles:,} articles, {covered.paragraphs:,} paragraphs, {covered.statements:,} statements"
    return [_health(store), ("index", True, held), ("engine", True, "opensearch, as ONRECORD_ENGINE says")]


def _health(store: "ClusterStore") -> Finding:
    pattern = f"{store.options.prefix}-*"
    told = store.connection.writing(lambda client: client.cluster.health(index=pattern))
    version = store.connection.writing(lambda client: client.info())["version"]["number"]
    words = f"OpenSearch {version}, {told['number_of_nodes']} nodes, {told['status']}"
    missing = told["unassigned_shards"]
    if told["status"] == "green":
        return "cluster", True, words
    return "cluster", False, f"{words}: {missing} copies of shards have no node; start the nodes that are down"


def _sound(stored: StoredArticle) -> bool:
    """Whether every statement stands in its paragraph where it says."""
    texts = {paragraph.number: paragraph.text for paragraph in stored.article.paragraphs}
    return all(
        texts.get(span.paragraph, "")[span.start : span.end] == span.text
        for quote in stored.quotes
        for span in quote.content
    )


def verify(store: "ClusterStore") -> list[Finding]:
    """Reads every article and counts every unit.

    Raises:
        StoreError: the cluster is away.
    """
    try:
        snapshot = store.snapshot()
    except EmptyLibrary:
        return [("index", True, "nothing has been indexed yet")]
    corpus, engine = snapshot.corpus, snapshot.engine
    damaged, articles, paragraphs = 0, 0, 0
    portion: list[str] = []

    def read() -> None:
        nonlocal damaged, articles, paragraphs
        found = corpus.articles(portion)
        damaged += len(portion) - sum(map(_sound, found.values()))
        articles += len(portion)
        paragraphs += sum(len(stored.article.paragraphs) for stored in found.values())
        portion.clear()

    for article_id in corpus.article_ids():
        portion.append(article_id)
        if len(portion) >= 200:
            read()
    read()
    counted = engine.count(Unit.PARAGRAPH)
    again = "run `onrecord reindex --full`"
    return [
        _health(store),
        ("articles", not damaged, f"{articles:,} read" + (f", {damaged:,} damaged: {again}" if damaged else "")),
        (
            "paragraphs",
            damaged > 0 or counted == paragraphs,
            f"{counted:,} of {paragraphs:,} can be found" + ("" if counted == paragraphs else f": {again}"),
        ),
    ]
