"""Who holds a role, in the context of what is asked: "the governor" is another one in every story."""

from collections.abc import Collection, Mapping, Set
from dataclasses import dataclass, field, replace

from index import people
from index.answer.reading import Reader, Words
from index.answer.terms import Terms
from index.answer.whom import Who
from index.model import PersonEntry, Speaker, SpeakerKind
from index.people.roles import Role, common_form, head_forms, read_role
from index.storage.ahead import read_ahead, search_ahead
from index.storage.base import Engine, Filters, StoredArticle, Unit
from index.storage.keysets import Together
from index.text.analyzer import STOP_WORDS, stem, tokens
from index.text.names import is_first_name

BEFORE, NEAR = 7, 10  # words before a name, and from it on, in which its role is looked for
ARTICLES = 8  # read for a role
FITTING = 0.35  # least fit by which a speaker is taken to hold a role
UNNAMED = 0.6  # share of the fit that is left to somebody without a name, where somebody is known to hold the role
_HOLDS = (SpeakerKind.PERSON, SpeakerKind.UNNAMED)
_RELATIVES = frozenset("wife husband son daughter brother sister mother father relative".split())
_NO_ROLE = read_role("")
_GENERAL = frozenset(
    "republican democratic libertarian campaign city state member top chief press candid presidenti nation u s".split()
)  # words of a role that tell nothing of whose it is


def in_context(who: Who, reader: Reader, engine: Engine, terms: Terms, filters: Filters) -> Who:
    """Who holds a role where the topic is spoken of: "the governor" is another one in every story.

    Every speaker of the articles nearest to topic and role is rated by what the article prints of them (role, mention,
    words around the name) and by how near article and statement are. The best product of both wins.
    """
    role = _by_surnames(read_role(who.typed), who.typed, reader)
    if not role.words:
        return who
    weight = 0.35 if terms.idf else 0.7
    words = {stem(word): weight for word in tokens(who.typed) if word not in STOP_WORDS}
    searched = words | dict(terms.weights)
    holders = Together(entry.keys for entry in who.entries)
    theirs = replace(filters, speakers=holders)
    search_ahead(
        engine,
        lambda e: _nearness(e, searched, filters),
        lambda e: _nearness(e, searched, theirs, articles=2) if holders else {},
    )
    near = _nearness(engine, searched, filters)
    held = any(_holds(entry, role) for entry in who.entries)
    known = bool(role.others - _GENERAL) and len(who.entries) == 1 and _well_known(who.entries[0], role)
    if holders:
        near = _nearness(engine, searched, theirs, articles=2) | near
    most: dict[bool, float] = {}
    for (_, place), score in near.items():
        most[place < 0] = max(score, most.get(place < 0, 0.0))
    near = {key: score / most[key[1] < 0] for key, score in near.items()}
    nearest = _by_article(near)
    read_ahead(reader.corpus, articles=(article_id for article_id, _, _ in nearest))
    best: tuple[float, Speaker | None] = (0.0, None)
    for article_id, whole, statements in nearest:
        if whole + 0.5 * max(statements.values(), default=0.0) <= best[0]:
            continue  # whatever fits in it, it is too far away
        stored = reader.stored(article_id)
        if stored is None:
            continue
        cast = _Cast(role=role, stored=stored, reader=reader, holders=holders, known=known, held=held)
        best = max(best, cast.likeliest(whole, statements, best[0]), key=lambda rated: rated[0])
    holder = best[1]
    if holder is None and terms.idf and not who.entries:  # nowhere near the topic: then anywhere
        return in_context(who, reader, engine, Terms(weights={}, idf={}), filters)
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
    engine: Engine, searched: Mapping[str, float], filters: Filters, *, articles: int = ARTICLES
) -> dict[tuple[str, int], float]:
    """The scores of articles (as number -1) and of statements."""
    whole = engine.search(Unit.ARTICLE, searched, boosts={"body": 1.0, "title": 0.5}, filters=filters, k=articles)
    boosts = {"content": 0.6, "paragraph": 1.0, "context": 0.7}
    said = engine.search(Unit.STATEMENT, searched, boosts=boosts, filters=filters, k=60)
    found = {(hit.article_id, int(hit.id.rpartition(".")[2])): hit.score for hit in said}
    return found | {(hit.article_id, -1): hit.score for hit in whole}


@dataclass(slots=True, kw_only=True)
class _Cast:
    """The speakers of one article, held against a role.

    Attributes:
        holders: keys of those who are printed in the role somewhere in the corpus.
        known: whether one person alone is known for it: then nobody else holds it for standing near its words.
        held: whether somebody is printed as its holder, and not as a past one only.
    """

    role: Role
    stored: StoredArticle
    reader: Reader
    holders: Set[str]
    known: bool = False
    held: bool = False
    _fits: dict[tuple[str, str], float] = field(default_factory=dict)
    _near: dict[str, Role] = field(default_factory=dict)
    _elsewhere: dict[str, float] = field(default_factory=dict)
    _head_words: frozenset[str] = field(init=False)
    _printing: list[Words] | None = None

    def __post_init__(self) -> None:
        self._head_words = frozenset(word for form in head_forms(self.role) for word in tokens(form)[:1])

    def likeliest(self, whole: float, statements: Mapping[int, float], least: float) -> tuple[float, Speaker | None]:
        """Whom the role fits best, with a rating above the least; nobody where that is nobody.

        Args:
            whole: how near the article is.
            statements: how near those are that are near, by their places.
            least: rating, below which nobody is looked at closely.
        """
        best: tuple[float, Speaker | None] = (least, None)
        mentions: dict[str, set[str]] = {}
        for place, (speaker, mention) in enumerate(self.stored.speaking()):
            if speaker is None or speaker.kind not in _HOLDS:
                continue
            mentions.setdefault(speaker.id, set()).add(mention)
            nearness = whole + 0.5 * statements.get(place, 0.0)
            if nearness <= best[0]:
                continue  # too far away, whoever it is
            fit = max(self.fit(speaker, each) for each in mentions[speaker.id])
            if fit**2 * nearness > best[0] and fit >= FITTING:
                best = (fit**2 * nearness, speaker)
        return best

    def fit(self, speaker: Speaker, mention: str) -> float:
        """How well the role fits a speaker as mentioned there, 0..1: its head must be printed with the name."""
        key = (speaker.id, mention)
        if key not in self._fits:
            self._fits[key] = self._fit(speaker, mention)
        return self._fits[key]

    def _fit(self, speaker: Speaker, mention: str) -> float:
        role = self.role
        named = {stem(word) for word in tokens(speaker.name)} if speaker.kind is SpeakerKind.PERSON else set()
        kin = any(head[0] in _RELATIVES for head in role.heads)
        if (role.others & named and not kin) or role.others == named or _of_another(mention, named):
            return 0.0  # neither "trump's spokeswoman" nor "a spokeswoman for Trump" is Trump
        if not role.heads:  # "the night clerk": words for no role that we know must be printed as such
            words = read_role(f"{speaker.role or ''} {mention}").words - named
            return 0.9 * len(role.others & words) / len(role.others) if len(role.others) > 1 else 0.0
        nameless = speaker.kind is SpeakerKind.UNNAMED  # "police": what stands around that word tells no role
        printing = f"{speaker.role or ''} {mention} {speaker.name}"
        if nameless and self._head_words.isdisjoint(tokens(printing)) and speaker.id not in self.holders:
            return 0.0
        own = read_role(printing)
        wanted = role.others - named
        printed = _head_fit(role, own, 1.0)
        head = max(printed, 0.65 if speaker.id in self.holders else 0.0)
        settled = (head == 1.0 and wanted <= own.others) or bool(role.others & named)
        if self.known and not settled and speaker.id not in self.holders:
            return 0.0
        if nameless and self.held:
            head *= UNNAMED  # "the governor" whom the article names elsewhere
        near = _NO_ROLE if settled or nameless else self._around(speaker)
        head = max(head, _head_fit(role, near, 0.65))
        if own.past and not role.past:
            head *= 0.5
        if role.gender and own.gender and role.gender != own.gender:
            head *= 0.5
        if printed and wanted and own.others - named - _GENERAL and not wanted & own.others:
            head *= 0.5  # somebody else's spokeswoman
            near = _NO_ROLE if self.holders and speaker.id not in self.holders else near
        if not head or not wanted:
            return head
        shares = {word: self._share(word, own, near) for word in wanted}
        specific = wanted - _GENERAL
        if specific and self.held and speaker.id not in self.holders and not any(shares[word] for word in specific):
            head *= 0.5  # some other governor, while somebody is printed as Texas's
        return head * (0.4 + 0.6 * sum(shares.values()) / len(wanted))

    def _share(self, word: str, own: Role, near: Role) -> float:
        """What a word of the role counts: printed with the name, near it, or elsewhere in the article."""
        if word in own.others:
            return 1.0
        if word in near.others:
            return 0.9
        if word not in self._elsewhere:
            self._elsewhere[word] = 0.35 if self.reader.mentions(self.stored.article.id, word) else 0.0
        return self._elsewhere[word]

    def _around(self, speaker: Speaker) -> Role:
        """What stands around the speaker's name in the paragraphs that print the role's head."""
        if speaker.id in self._near:
            return self._near[speaker.id]
        if self._printing is None:
            forms = head_forms(self.role)
            self._printing = [
                Words(text) for text in self.stored.texts() if any(form in text.lower() for form in forms)
            ]
        surname = tokens(speaker.name)[-1:]
        windows: list[str] = []
        for words in (each.all for each in self._printing if surname and each.may_hold(surname[0])):
            for place, word in enumerate(words):
                if [word] == surname:
                    windows += words[max(0, place - BEFORE) : place + NEAR]
        self._near[speaker.id] = read_role(" ".join(windows[: 6 * NEAR]))
        return self._near[speaker.id]


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
