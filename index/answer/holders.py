"""Who holds a role, in the context of what is asked: "the governor" is another one in every story."""

from collections.abc import Collection, Mapping
from dataclasses import replace

from index.answer.reading import Reader
from index.answer.terms import Terms
from index.answer.whom import Who
from index.model import Quote, Speaker, SpeakerKind
from index.people.roles import Role, head_forms, read_role
from index.storage.base import Engine, Filters, StoredArticle, Unit
from index.text.analyzer import STOP_WORDS, stem, tokens

BEFORE, NEAR = 7, 10  # words before a name, and from it on, in which its role is looked for
ARTICLES = 8  # read for a role
FITTING = 0.35  # least fit by which a speaker is taken to hold a role
_HOLDS = (SpeakerKind.PERSON, SpeakerKind.UNNAMED)
_NO_ROLE = read_role("")
_GENERAL = frozenset(
    "republican democratic libertarian campaign city state member top chief press candid presidenti nation u s".split()
)  # words of a role that tell nothing of whose it is


def in_context(who: Who, reader: Reader, engine: Engine, terms: Terms, filters: Filters) -> Who:
    """Who holds a role where the topic is spoken of: "the governor" is another one in every story.

    Every speaker of the articles nearest to topic and role is rated by what the article prints of them (role, mention,
    words around the name) and by how near article and statement are. The best product of both wins.
    """
    role = read_role(who.typed)
    if not role.words:
        return who
    weight = 0.35 if terms.idf else 0.7
    words = {stem(word): weight for word in tokens(who.typed) if word not in STOP_WORDS}
    searched = words | dict(terms.weights)
    near = _nearness(engine, searched, filters)
    holders = frozenset().union(*(entry.keys for entry in who.entries))
    if holders:
        near = _nearness(engine, searched, replace(filters, speakers=holders), articles=2) | near
    most = {place < 0: max(s for (_, p), s in near.items() if (p < 0) == (place < 0)) for _, place in near}
    near = {key: score / most[key[1] < 0] for key, score in near.items()}
    nearest = sorted({article_id for article_id, _ in near}, key=lambda a: -near.get((a, -1), 0.0))[:ARTICLES]
    reader.read(nearest)
    best: tuple[float, Speaker | None] = (0.0, None)
    for article_id in nearest:
        stored = reader.stored(article_id)
        fits: dict[str, float] = {}
        for place, quote in enumerate(stored.quotes if stored else ()):
            speaker = quote.speaker
            if stored is None or speaker is None or speaker.kind not in _HOLDS:
                continue
            if speaker.id not in fits or quote.source:
                fit = _fit(role, speaker, quote, stored, reader, held=speaker.id in holders)
                fits[speaker.id] = max(fit, fits.get(speaker.id, 0.0))
            rated = fits[speaker.id] ** 2 * (near.get((article_id, -1), 0.3) + 0.5 * near.get((article_id, place), 0.0))
            if rated > best[0] and fits[speaker.id] >= FITTING:
                best = (rated, speaker)
    holder = best[1]
    if holder is None:
        return who
    entry = reader.corpus.person_of(holder.id)
    if entry is None:
        return replace(who, entries=(), unnamed=(holder,), others=who.entries)
    return replace(who, entries=(entry,), others=tuple(e for e in who.entries if e.speaker.id != entry.speaker.id))


def _nearness(
    engine: Engine, searched: Mapping[str, float], filters: Filters, *, articles: int = ARTICLES
) -> dict[tuple[str, int], float]:
    """The scores of articles (as number -1) and of statements."""
    whole = engine.search(Unit.ARTICLE, searched, boosts={"body": 1.0, "title": 0.5}, filters=filters, k=articles)
    boosts = {"content": 0.6, "paragraph": 1.0, "context": 0.7}
    said = engine.search(Unit.STATEMENT, searched, boosts=boosts, filters=filters, k=60)
    found = {(hit.article_id, int(hit.id.rpartition(".")[2])): hit.score for hit in said}
    return found | {(hit.article_id, -1): hit.score for hit in whole}


def _fit(role: Role, speaker: Speaker, quote: Quote, stored: StoredArticle, reader: Reader, *, held: bool) -> float:
    """How well a role fits a speaker in an article, 0..1: its head must be printed with the name."""
    mention = quote.source.text if quote.source else ""
    named = {stem(word) for word in tokens(speaker.name)} if speaker.kind is SpeakerKind.PERSON else set()
    if role.others & named or _of_another(mention, named):
        return 0.0  # neither "trump's spokeswoman" nor "a spokeswoman for Trump" is Trump
    if not role.heads:  # "the night clerk": words for no role that we know must be printed as such
        printed_words = read_role(f"{speaker.role or ''} {mention}").words - named
        return 0.9 * len(role.others & printed_words) / len(role.others) if len(role.others) > 1 else 0.0
    own = read_role(f"{speaker.role or ''} {mention} {speaker.name}")
    wanted = role.others - named
    printed = _head_fit(role, own, 1.0)
    head = max(printed, 0.65 if held else 0.0)
    near = _NO_ROLE if head == 1.0 and wanted <= own.others else _around(role, speaker, stored)
    head = max(head, _head_fit(role, near, 0.65))
    if not head:
        return 0.0
    if own.past and not role.past:
        head *= 0.5
    if role.gender and own.gender and role.gender != own.gender:
        head *= 0.5
    if printed and wanted and own.others - named - _GENERAL and not wanted & own.others:
        head *= 0.5  # somebody else's spokeswoman
    share = [
        1.0
        if word in own.others
        else 0.9
        if word in near.others
        else 0.35
        if reader.mentions(stored.article.id, word)
        else 0.0
        for word in wanted
    ]
    return head * (0.4 + 0.6 * sum(share) / len(share)) if share else head


def _of_another(mention: str, named: Collection[str]) -> bool:
    """Whether a mention names somebody only as the one for whom another speaks: "a spokeswoman for Clinton"."""
    before, link, after = mention.lower().partition(" for ")
    after = after.partition(",")[0]  # "a spokeswoman for the board, Ada Marsh" is Ada Marsh
    return bool(link) and bool(read_role(before).heads) and any(stem(word) in named for word in tokens(after))


def _head_fit(role: Role, printed: Role, most: float) -> float:
    """The most where the likeliest class of the role's head is printed, less for a further one."""
    classes = {name for head in printed.heads for name in head}
    fits = [most * 0.85**place for head in role.heads for place, name in enumerate(head) if name in classes]
    return max(fits, default=0.0)


def _around(role: Role, speaker: Speaker, stored: StoredArticle) -> Role:
    """What stands around the speaker's name in the paragraphs that print the role's head."""
    surname = tokens(speaker.name)[-1:]
    if not surname:
        return _NO_ROLE
    windows: list[str] = []
    for paragraph in stored.article.paragraphs:
        lower = paragraph.text.lower()
        if surname[0] not in lower or not any(form in lower for form in head_forms(role)):
            continue
        words = tokens(paragraph.text)
        for place, word in enumerate(words):
            if word == surname[0]:
                windows += words[max(0, place - BEFORE) : place + NEAR]
    return read_role(" ".join(windows[: 6 * NEAR]))
