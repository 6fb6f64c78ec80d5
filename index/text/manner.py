"""How something was put: the manner of a statement from its cue, and whether it is a plan or belief instead."""

_PLAIN = "said"
_MANNERS = {
    "denied": (
        "deny denies denied denying denial rejected rejects reject rejecting dismissed dismisses dismissing "
        "refuted disputed disputes"
    ),
    "asked": (
        "ask asks asked asking question questions questioned questioning wonder wonders wondered wondering inquired"
    ),
    "according to": "according",
    "announced": "announce announces announced announcing announcement declared declares declare declaring",
    "tweeted": "tweet tweets tweeted tweeting retweeted",
    "wrote": "write writes wrote writing written",
    "promised": "promise promises promised promising vow vows vowed vowing pledge pledges pledged pledging",
    "warned": "warn warns warned warning warnings",
    "claimed": "claim claims claimed claiming allege alleges alleged alleging allegation allegations",
    "admitted": (
        "admit admits admitted admitting acknowledge acknowledges acknowledged acknowledging concede concedes "
        "conceded conceding"
    ),
    "confirmed": "confirm confirms confirmed confirming",
    "demanded": "demand demands demanded demanding urge urges urged urging",
    "suggested": "suggest suggests suggested suggesting",
    "criticized": (
        "criticize criticizes criticized criticizing criticise criticised blasted blasts slammed slams "
        "denounced denounces accused accuses accusing"
    ),
    "praised": "praise praises praised praising lauded commended",
    "called": "call calls called calling describe describes described describing",
    "shows": "show shows showed showing found finds",
}
_BY_WORD = {word: manner for manner, words in _MANNERS.items() for word in words.split()}

_ATTITUDES = frozenset(
    "think thinks thought thinking believe believes believed believing belief beliefs want wants wanted wanting hope "
    "hopes hoped hoping expect expects expected expecting expectation expectations plan plans planned planning intend "
    "intends intended intending seem seems seemed seeming appear appears appeared appearing know knows knew knowing "
    "known feel feels felt feeling fear fears feared fearing support supports supported supporting oppose opposes "
    "opposed opposing like likes liked prefer prefers preferred love loves loved hate hates consider considers "
    "considered considering see sees saw seen seeing view views viewed viewing decide decides decided deciding "
    "decision try tries tried trying seek seeks sought seeking aim aims aimed willing ready likely unlikely favor "
    "favors favored favoring endorse endorses endorsed endorsing back backs backed backing agree agrees agreed "
    "agreeing disagree worry worries worried doubt doubts doubted trust trusts need needs needed refuse refuses "
    "refused refusing set poised determined understand understands understood remember remembers learn learned "
    "wish wishes wished assume assumes assumed realize realizes realized mean means meant imagine desire".split()
)


_SPEECH = frozenset(
    "say says said saying told tell tells telling add adds added adding note notes noted noting state states stated "
    "stating explain explains explained explaining argue argues argued arguing insist insists insisted insisting reply "
    "replies replied replying respond responds responded responding recall recalls recalled remark remarked remarks "
    "conclude concludes concluded concluding continue continued continues report reports reported reporting predict "
    "predicts predicted predicting assert asserts asserted asserting contend contends contended maintain maintains "
    "maintained maintaining reiterate reiterates reiterated testify testified testifies joke jokes joked quip quipped "
    "complain complains complained complaining caution cautions cautioned stress stressed stresses stressing emphasize "
    "emphasizes emphasized emphasizing repeat repeated repeats repeating advise advised advises recommend recommended "
    "assure assured assures assuring remind reminded reminds reminding comment commented commenting answer answered "
    "answers opine opined boast boasts boasted boasting brag bragged lament laments lamented "
    "mention mentions mentioned "
    "point points pointed pointing estimate estimates estimated estimating reveal revealed reveals revealing indicate "
    "indicates indicated indicating imply implied implies implying hint hinted hints describe describes described "
    "apologize apologized explained proclaim proclaimed proclaims shout shouted shouts yell yelled declare released "
    "reads read according".split()
) | frozenset(_BY_WORD)


def manner_of(word: str) -> str:
    """The manner that a cue word tells; the plain one where it tells none."""
    return _BY_WORD.get(word, _PLAIN)


def words_of(manner: str) -> tuple[str, ...]:
    """The cue words that tell a manner; none for the plain one."""
    return tuple(_MANNERS.get(manner, "").split())


def is_belief(word: str) -> bool:
    """Whether the cue tells of a plan, wish or belief."""
    return word in _ATTITUDES


def is_attitude(word: str, *, quoted: bool, clause: bool) -> bool:
    """Whether the cue tells of a plan, a belief or an act ("backed the bill") rather than of words.

    Args:
        word: the cue in lower case.
        quoted: some of the content stands in quotation marks.
        clause: the content is a clause of its own ("that ...", or with a verb), not a mere object.
    """
    if quoted:
        return False
    return word in _ATTITUDES or (word not in _SPEECH and not clause)
