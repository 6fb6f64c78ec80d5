"""The speakers of one article, held against a role that a question names: "the Texas governor", "OPEC's chief"."""

from collections.abc import Collection, Mapping, Set
from dataclasses import dataclass, field

from index.answer.reading import Reader, Words
from index.model import Speaker, SpeakerKind
from index.people.roles import Role, head_forms, read_role
from index.storage.records import StoredArticle
from index.text.analyzer import stem, tokens

BEFORE, NEAR = 7, 10  # words before a name, and from it on, in which its role is looked for
MANY = 200  # statements of an article, beyond which only those near the topic are looked at: of a live page
FITTING = 0.35  # least fit by which a speaker is taken to hold a role
UNNAMED = 0.6  # share of the fit that is left to somebody without a name, where somebody is known to hold the role
NOBODYS = 0.4  # share of the fit that is left where nothing printed says whose spokeswoman somebody is
BESIDE, ELSEWHERE = 0.9, 0.35  # what a word of the role counts near the name, and elsewhere in the article
GENERAL = frozenset(
    "republican democratic libertarian campaign city state member top chief press candid presidenti nation u s".split()
)  # words of a role that tell nothing of whose it is
_KINDS = frozenset(
    "counti depart agenc offic committe commiss parti compani associ group board district univers".split()
)
_HOLDS = (SpeakerKind.PERSON, SpeakerKind.UNNAMED)
_RELATIVES = frozenset("wife husband son daughter brother sister mother father relative".split())
_NO_ROLE = read_role("")


@dataclass(slots=True, kw_only=True)
class Cast:
    """The speakers of an article.

    Attributes:
        holders: keys of those who are printed in the role somewhere in the corpus.
        known: whether one person alone is known for it: then nobody else holds it for standing near its words.
        held: whether somebody is printed as its holder, and not as a past one only.
        famous: whether somebody is printed as its holder again and again.
        topical: whether the question has a topic, which the article is near to.
    """

    role: Role
    stored: StoredArticle
    reader: Reader
    holders: Set[str]
    known: bool = False
    held: bool = False
    famous: bool = False
    topical: bool = False
    _fits: dict[tuple[str, str], float] = field(default_factory=dict)
    _near: dict[str, Role] = field(default_factory=dict)
    _holding: dict[str, bool] = field(default_factory=dict)
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
        mentions: dict[str, set[str]] = {}  # of each speaker, as far as none of them was looked at
        fits: dict[str, float] = {}
        for place, (speaker, mention) in enumerate(self.stored.speaking()):
            if speaker is None or speaker.kind not in _HOLDS or (place >= MANY and place not in statements):
                continue
            mentions.setdefault(speaker.id, set()).add(mention)
            nearness = whole + 0.5 * statements.get(place, 0.0)
            if nearness <= best[0]:
                continue  # too far away, whoever it is
            fits_now = (self.fit(speaker, each) for each in mentions.pop(speaker.id))
            fit = fits[speaker.id] = max(fits.get(speaker.id, 0.0), *fits_now)
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
        if not role.heads and role.others.isdisjoint(read_role(f"{speaker.role or ''} {mention}").words):
            return 0.0
        named = {stem(word) for word in tokens(speaker.name)} if speaker.kind is SpeakerKind.PERSON else set()
        kin = any(head[0] in _RELATIVES for head in role.heads)
        if (role.others & named and not kin) or role.others == named or _of_another(mention, named):
            return 0.0  # neither "trump's spokeswoman" nor "a spokeswoman for Trump" is Trump
        if not role.heads:  # "the night clerk": words for no role that we know must be printed as such
            words = read_role(f"{speaker.role or ''} {mention}").words - named
            return 0.9 * len(role.others & words) / len(role.others) if len(role.others) > 1 else 0.0
        nameless = speaker.kind is SpeakerKind.UNNAMED  # "police": what stands around that word tells no role
        printing = f"{speaker.role or ''} {mention} {speaker.name}"
        if nameless and self._head_words.isdisjoint(tokens(printing)) and not self._is_holder(speaker):
            return 0.0
        own = read_role(printing)
        wanted = role.others - named
        printed = _head_fit(role, own, 1.0)
        head = max(printed, 0.65 if self._is_holder(speaker) else 0.0)
        settled = (head == 1.0 and wanted <= own.others) or bool(role.others & named)
        if self.known and not settled and not self._is_holder(speaker):
            return 0.0
        if nameless and self.held:
            head *= UNNAMED  # "the governor" whom the article names elsewhere
        near = _NO_ROLE if settled or nameless else self._around(speaker)
        head = max(head, _head_fit(role, near, 0.65))
        if own.past and not role.past:
            head *= 0.5
        if role.gender and own.gender and role.gender != own.gender:
            head *= 0.5
        if printed and wanted and own.others - named - GENERAL and not wanted & own.others:
            head *= 0.5  # somebody else's spokeswoman
            near = _NO_ROLE if self.holders and not self._is_holder(speaker) else near
        if not head or not wanted:
            return head
        shares = {word: self._share(word, own, near) for word in wanted}
        specific = wanted - GENERAL - _KINDS or wanted - GENERAL
        if specific and not self._is_holder(speaker):
            head *= self._trust(speaker, printed, head, {word: shares[word] for word in specific})
        return head * (0.4 + 0.6 * sum(shares.values()) / len(wanted))

    def _is_holder(self, speaker: Speaker) -> bool:
        """Whether somebody is printed in the role somewhere in the corpus."""
        if speaker.id not in self._holding:
            self._holding[speaker.id] = speaker.id in self.holders
        return self._holding[speaker.id]

    def _share(self, word: str, own: Role, near: Role) -> float:
        """What a word of the role counts: printed with the name, near it, or elsewhere in the article."""
        if word in own.others:
            return 1.0
        if word in near.others:
            return BESIDE
        if word not in self._elsewhere:
            self._elsewhere[word] = ELSEWHERE if self.reader.mentions(self.stored.article.id, word) else 0.0
        return self._elsewhere[word]

    def _trust(self, speaker: Speaker, printed: float, head: float, shares: Mapping[str, float]) -> float:
        """How far somebody not known as its holder is taken for a body's own one, 0..1.

        Args:
            speaker: who it may be.
            printed: how well the role's head fits what is printed with the name.
            head: how well it fits at most.
            shares: what each word counts that says whose role it is.
        """
        beside = any(share > ELSEWHERE for share in shares.values())
        if not all(shares.values()) or (self.held and printed < 1.0) or not (printed or self.topical):
            return NOBODYS  # Clark County's sheriff for Harris County's, or the role stands only around the name
        doubtful = not beside and (self.famous or 0 < printed == head < 1.0)
        if doubtful or self._of_other_bodies(speaker, frozenset(shares)):
            return 0.0  # some other governor, while somebody is known as Texas's; a president, for OPEC's "chief"
        return 0.6 if self.held and not beside else 1.0

    def _of_other_bodies(self, speaker: Speaker, specific: frozenset[str]) -> bool:
        """Whether the corpus prints somebody in this role of other bodies or places only."""
        entry = self.reader.corpus.person_of(speaker.id)
        printed = [read_role(role) for role, _, _ in entry.roles] if entry else []
        of = [each.others - GENERAL for each in printed if _head_fit(self.role, each, 1.0) == 1.0]
        return any(of) and not any(others & specific for others in of)

    def _around(self, speaker: Speaker) -> Role:
        """What stands around the speaker's name in the paragraphs that print the role's head."""
        if speaker.id in self._near:
            return self._near[speaker.id]
        if self._printing is None:
            forms = head_forms(self.role)
            texts = ((text, text.lower()) for text in self.stored.texts())
            self._printing = [Words(text) for text, lower in texts if any(form in lower for form in forms)]
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
    fits = [
        most * 0.85 ** (place + other.index(name)) * 0.9 ** len(set(head).difference(other))
        for other in printed.heads
        for head in role.heads
        for place, name in enumerate(head)
        if name in other
    ]
    return max(fits, default=0.0)
