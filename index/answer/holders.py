"""Who holds a role, in the context of what is asked: "the governor" is another one in every story."""

from collections.abc import Mapping
from dataclasses import replace

from index import people
from index.answer.casts import GENERAL, Cast
from index.answer.reading import Reader
from index.answer.terms import Terms
from index.answer.whom import Who
from index.model import PersonEntry, Speaker
from index.people.roles import Role, common_form, read_role
from index.storage.ahead import read_ahead, search_ahead
from index.storage.base import Engine
from index.storage.keysets import Together
from index.storage.records import Filters, Unit
from index.text.analyzer import STOP_WORDS, stem, tokens
from index.text.names import is_first_name

ARTICLES = 8  # read for a role
ANYWHERE = 4  # where nothing is near the topic


def in_context(
    who: Who, reader: Reader, engine: Engine, terms: Terms, filters: Filters, *, most: int = ARTICLES
) -> Who:
    """Who holds a role where the topic is spoken of: "the governor" is another one in every story.

    Every speaker of the articles nearest to topic and role is rated by what the article prints of them (role, mention,
    words around the name) and by how near article and statement are. The best product of both wins; `most` articles
    are read.
    """
    role = _by_surnames(read_role(who.typed), who.typed, reader)
    if not role.heads and len(role.others) < 2:  # fits nobody, see `Cast.fit`: so it is looked for nowhere
        return who
    weight = 0.35 if terms.idf else 0.7
    words = {stem(word): weight for word in tokens(who.typed) if word not in STOP_WORDS}
    searched = words | dict(terms.weights)
    holders = Together(entry.keys for entry in who.entries)
    theirs = replace(filters, speakers=holders)
    search_ahead(
        engine,
        lambda e: _nearest(e, searched, filters, most),
        lambda e: _nearest(e, searched, theirs, 2) if holders else {},
    )
    near = _nearness(engine, searched, filters, articles=most)
    held = any(_holds(entry, role) for entry in who.entries)
    famous = [entry for entry in who.entries if _well_known(entry, role)]
    known = bool(role.others - GENERAL) and len(who.entries) == len(famous) == 1
    if holders:
        near = _nearness(engine, searched, theirs, articles=2) | near
    top: dict[bool, float] = {}
    for (_, place), score in near.items():
        top[place < 0] = max(score, top.get(place < 0, 0.0))
    near = {key: score / top[key[1] < 0] for key, score in near.items()}
    nearest = _by_article(near)
    read_ahead(reader.corpus, articles=(article_id for article_id, _, _ in nearest))
    best: tuple[float, Speaker | None] = (0.0, None)
    for article_id, whole, statements in nearest:
        if whole + 0.5 * max(statements.values(), default=0.0) <= best[0]:
            continue  # whatever fits in it, it is too far away
        stored = reader.stored(article_id)
        if stored is None:
            continue
        cast = Cast(
            role=role,
            stored=stored,
            reader=reader,
            holders=holders,
            known=known,
            held=held,
            famous=bool(famous),
            topical=bool(terms.idf),
        )
        best = max(best, cast.likeliest(whole, statements, best[0]), key=lambda rated: rated[0])
    holder = best[1]
    if holder is None and terms.idf and role.heads and not who.entries:  # nowhere near the topic: then anywhere
        return in_context(who, reader, engine, Terms(weights={}, idf={}), filters, most=ANYWHERE)
    if holder is None:
        return who
    entry = reader.corpus.person_of(holder.id)
    if entry is None:
        return replace(who, entries=(), unnamed=(holder,), others=who.entries)
    return replace(who, entries=(entry,), others=tuple(e for e in who.entries if e.speaker.id != entry.speaker.id))


def _by_article(near: Mapping[tuple[str, int], float]) -> list[tuple[str, float, dict[int, float]]]:
    """The nearest articles, how near each is as a whole, and its statements that are near, by their places."""
    statements: dict[str, dict[int, float]] = {}
    for (article_id, place), score in near.items():
        found = statements.setdefault(article_id, {})
        if place >= 0:
            found[place] = score
    nearest = sorted(statements, key=lambda article_id: (-near.get((article_id, -1), 0.0), article_id))[:ARTICLES]
    return [(article_id, near.get((article_id, -1), 0.3), statements[article_id]) for article_id in nearest]


def _holds(entry: PersonEntry, role: Role) -> bool:
    """Whether somebody is printed in every word of this role, held when it is."""
    printed = (read_role(r[0]) for r in entry.roles)
    return any(role.others <= each.others and each.past == role.past for each in printed)


def _well_known(entry: PersonEntry, role: Role) -> bool:
    """Whether somebody is printed in exactly this role at several times, or in several words; not as a former one."""
    printed = ((r, read_role(r[0])) for r in entry.roles)
    held = [r for r, each in printed if role.words <= each.words and each.past == role.past]
    return len(held) > 1 or any(first != last for _, first, last in held)


def _by_surnames(role: Role, typed: str, reader: Reader) -> Role:
    """The role with surnames for first names: articles print "Marsh's spokeswoman", not "Ada's"."""
    others = set(role.others)
    for word in tokens(typed):
        first = next((w for w in (word, word.removesuffix("s")) if is_first_name(w.capitalize())), None)
        found = people.find(reader.corpus, first) if first and common_form(word) in others else None
        surname = people.name_words(found.entries[0].speaker.name)[-1:] if found and found.entries else []
        if surname and found and found.how in {people.How.NAME, people.How.FIRST_NAME}:
            others.discard(common_form(word))
            others.add(common_form(surname[0]))
    return replace(role, others=frozenset(others))


def _nearness(
    engine: Engine, searched: Mapping[str, float], filters: Filters, *, articles: int
) -> dict[tuple[str, int], float]:
    """The scores of the nearest articles (as number -1) and of statements in them."""
    whole = _nearest(engine, searched, filters, articles)
    boosts = {"content": 0.6, "paragraph": 1.0, "context": 0.7}
    within = replace(filters, articles=frozenset(whole))
    said = engine.search(Unit.STATEMENT, searched, boosts=boosts, filters=within, k=60)
    found = {(hit.article_id, int(hit.id.rpartition(".")[2])): hit.score for hit in said}
    return found | {(article_id, -1): score for article_id, score in whole.items()}


def _nearest(engine: Engine, searched: Mapping[str, float], filters: Filters, articles: int) -> dict[str, float]:
    boosts = {"body": 1.0, "title": 0.5}
    found = engine.search(Unit.ARTICLE, searched, boosts=boosts, filters=filters, k=articles)
    return {hit.article_id: hit.score for hit in found}
