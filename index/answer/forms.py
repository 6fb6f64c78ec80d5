"""The forms that questions have, as patterns over lower-cased words: which words ask, whom they name, what is left."""

import re

# Verbs by which a question asks for somebody's words; those in WEAK ask so only when the subject is a known speaker.
STRONG = (
    "say|says|said|saying|tell|tells|told|telling|claim|claims|claimed|state|stated|announce|announced|tweet|tweeted|"
    "comment|commented|argue|argued|argues|explain|explained|explains|describe|described|describes|call|called|calls|"
    "respond|responded|reply|replied|react|reacted|reacts|warn|warned|insist|insisted|deny|denied|denies|admit|"
    "admitted|mention|mentioned|talk|talked|talking|speak|spoke|speaking|declare|declared|testify|testified|remark|"
    "remarked|promise|promised|vow|vowed|pledge|pledged|accuse|accused|suggest|suggested|suggests|predict|predicted|"
    "quip|quipped|joke|joked|add|added|note|noted|ask|asked|write|wrote|complain|complained|express|expressed|confirm|"
    "confirmed|assert|asserted|acknowledge|acknowledged|concede|conceded|boast|boasted|brag|bragged|lament|lamented|"
    "elaborate|elaborated|opine|caution|cautioned"
)
WEAK = (
    "take|took|takes|think|thinks|thought|believe|believes|believed|feel|feels|felt|want|wants|wanted|propose|proposed|plan|plans|"
    "planned|defend|defended|defends|criticize|criticized|criticise|criticised|justify|justified|praise|praised|attack|"
    "attacked|blame|blamed|blames|dismiss|dismissed|characterize|characterized|compare|compared|answer|answered|"
    "address|addressed|put|view|views|viewed|see|sees|saw|reject|rejected|oppose|opposed|opposes|support|supported|"
    "supports|endorse|endorsed|urge|urged|demand|demanded|recommend|recommended|mock|mocked|slam|slammed|apologize|apologise|"
    "apologized|apologised|advise|advised|make|made|give|gave|use|used|offer|offered|cite|cited|hope|hoped|hopes|expect|expected|"
    "expects|fear|feared|fears|worry|worried|worries|liken|likened|likens|condemn|condemned|denounce|denounced|question|"
    "questioned|refer|referred|stress|stressed|emphasize|emphasized|discuss|discussed|reveal|revealed|threaten|"
    "threatened|regard|rate|rated|sum|summed|label|labeled|labelled|brush|hit|rip|ripped|blast|blasted|know|like|"
    "hint|hinted|imply|implied|implies|allege|alleged|alleges|contend|contended|contends|maintain|maintained|maintains|conclude|"
    "concluded|estimate|estimated|counter|countered|retort|retorted|scold|scolded|ridicule|ridiculed|trash|trashed|bash|"
    "bashed|doubt|doubted|doubts|reckon|tease|teased|scoff|scoffed|decry|decried|lambast|lambasted|hail|hailed|applaud|"
    "applauded|swear|swore|plead|pleaded|guess|guessed|speculate|speculated|downplay|downplayed|shrug|shrugged|chide|"
    "chided|insult|insulted|thank|thanked|congratulate|congratulated|tout|touted|warns|insists|vows|promises|predicts|"
    "prefer|regret|consider|considered|interpret|address|weigh|sell|pitch|portray|portrayed|paint|painted"
)
ADVERB = (
    r"(?:ever|actually|really|also|just|then|first|publicly|personally|recently|exactly|specifically|have|had|to|later|"
    r"once|initially|originally|still|even|been)"
)
ABOUT = r"(?:about|on|regarding|concerning|over|of|re:?|with\s+regard\s+to|when\s+it\s+comes\s+to|as\s+to)"
STANCE = (
    "views?|positions?|stances?|takes?|opinions?|comments?|reactions?|responses?|statements?|answers?|remarks?|"
    "thoughts?|words?|quotes?|claims?|explanations?|arguments?|message|defen[cs]e|criticisms?|plans?|excuse|advice|"
    "warnings?|predictions?|promises?|complaints?|assessment|problems?|concerns?|beef|reasons?|reasoning"
)
WH = r"(?:what(?:'s)?(?:\s+\w+){0,2}?|how|why|where|when|which(?:\s+\w+){1,2}?)"
AUX = r"(?:did|does|do|has|have|had|is|are|was|were|would|will)"
LEAD_IN = r"(?:(?:so|and|but|ok|okay|hey|please|well|then|also)[,\s]+)*"
OPEN = r"(?:if|whether|why|how|what|when|where|which|who)"

ASKED_OF = re.compile(  # what did | the rest, in which a speaker and a verb are found
    rf"^{LEAD_IN}(?P<wh>{WH})(?:\s+(?:exactly|else|all|things?|words?|kind\s+of\s+things?))?\s+(?P<aux>{AUX})(?:n't)?\s+(?P<tail>\S.*)$"
)
WHETHER = re.compile(  # did | the rest
    rf"^{LEAD_IN}(?:did|has|have|had|does|do|is\s+it\s+true\s+that|was\s+it)(?:n't)?\s+(?P<tail>\S.*)$"
)
VERB = re.compile(rf"(?P<strong>{STRONG})|{WEAK}")
AFTER_VERB = re.compile(r"(?:anything|something|out)\b\s*")
TOLD = re.compile(
    r"(?P<whom>\w+(?:\s+\w+){0,3}?)\s+(?:about|on|regarding|concerning)\s+(?=\w)"
)  # tell the crowd about T
SAID_PAST = re.compile(  # what X said about T; everything X has said on T
    rf"""
    ^{LEAD_IN}(?:(?:show|give|tell|find|get)\s+(?:me\s+)?)? (?:what|everything|anything|all)(?:\s+that)?
    \s+(?!(?:has|have|had)\b)(?P<who>\S.*?) (?:\s+(?:has|have|had))?(?:\s+{ADVERB})*
    \s+(?P<verb>said|says|told|tweeted|claimed|thinks|stated|wrote)\b \s*(?P<rest>.*)$
    """,
    re.VERBOSE,
)
STANCE_OF = re.compile(  # (what is) nauert's view on talks
    rf"""
    ^{LEAD_IN}(?:(?:what|how)(?:'s|\s+is|\s+was|\s+are|\s+were)\s+|show\s+me\s+|give\s+me\s+|find\s+)?(?:the\s+)?
    (?P<who>\S.*?)(?:'s|s'|(?P<bare>(?<=s)))\s+(?:\w+\s+)?(?P<stance>{STANCE})
    (?:\s+(?:{ABOUT}|to|for|against|that|with|after)\s+(?P<rest>.*))?$
    """,
    re.VERBOSE,
)
STANCE_BY = re.compile(  # quotes by nauert about talks
    rf"""
    ^(?:(?:show|give|get|find|list)\s+(?:me\s+)?|some\s+|more\s+|any\s+|all\s+|the\s+|an?\s+)*(?:{STANCE}|quote|statement|comment|anything|something|everything)\s+(?:by|from|of)\s+(?P<who>\S.*?)
    (?:\s+{ABOUT}\s+(?P<rest>.*))?$
    """,
    re.VERBOSE,
)
STANCE_BARE = re.compile(  # marsh quotes about tolls
    rf"""
    ^(?P<who>\S+(?:\s+\S+){{0,2}}?)\s+(?P<stance>quotes?|comments?|remarks?|statements?|views?|positions?|stance|opinion|reaction|response)
    \s+(?:{ABOUT}|to)\s+(?P<rest>\S.*)$
    """,
    re.VERBOSE,
)
SAID_WHAT = re.compile(  # marsh said what about tolls
    rf"^(?P<who>\S+(?:\s+\S+){{0,3}}?)\s+(?P<verb>said|says|thinks|tweeted)\s+what\b\s*(?P<rest>(?:{ABOUT}\b.*)?)$"
)
PLACED = re.compile(  # say | on twitter | about tolls
    r"(?P<place>(?:on|in|at|during)\s+(?:\S+\s+){1,5}?)(?:about|regarding|concerning)\s+(?=\w)"
)
WHERE_STANDS = re.compile(rf"^{LEAD_IN}where\s+(?:does|did|do)\s+(?P<who>\S.*?)\s+stand(?:\s+{ABOUT}\s+(?P<rest>.*))?$")
ACCORDING = re.compile(
    r"^according\s+to\s+(?P<who>[^,]+?)\s*,\s*(?P<rest>.*)$|^(?P<rest2>.*\S)\s*,?\s+according\s+to\s+(?P<who2>.+)$"
)
SHORT = re.compile(r"^(?P<who>\S+(?:\s+\S+){0,11}?)\s+(?:on|about|regarding|re)\s+(?P<rest>.+)$")
WHO_SPOKE = re.compile(
    rf"""
    ^(?:(?:did|has|have|does|is)\s+(?:anyone|anybody|someone|somebody|nobody)(?:\s+else)?(?:\s+{ADVERB})*
          (?=\s+(?:say|said|saying|speak|spoken|spoke|talk|talked|comment|commented)\b)
      |who(?:\s+(?:all|else))?|which\s+\w+
      |(?:what|anything|everything|all)(?:\s+else)?(?=\s+(?:was|is|were|has\s+been|have\s+been|had\s+been)\s+(?:being\s+)?said))
    (?:\s+(?:has|have|had|is|are|was|were|being|been)){{0,2}}
    \s+(?:said(?=\s+(?:about|on|of|regarding|concerning|against|for)\b)|spoke|spoken|speak|speaking|talked|talk|talking|talks|commented|comment
      |commenting|weighed\s+in|(?:said|say|saying)\s+(?:anything|something|what|much)|made\s+(?:a\s+)?(?:statements?|comments?))(?:\s+out)?\s+(?:{ABOUT}|against|for)\s+(?P<rest>.*)$
    """,
    re.VERBOSE,
)
WHO_SAID = re.compile(
    rf"""
    ^{LEAD_IN}(?:who(?:'s|\s+(?:is|was|are|were))(?=\s+\w+ing\b)|who(?:\s+(?:was\s+it|is\s+it)(?:\s+(?:that|who))?)?(?:\s+(?:has|had|else|first|actually|once))?
      |which\s+(?P<kind>(?:\w+\s+){{1,3}}))
    \s*\b(?P<verb>{STRONG}|{WEAK}|compares|dubbed|(?:call|claim|argu|warn|insist|accus|blam|compar|demand|urg
      |predict|suggest|complain|threaten|mock|attack|defend|prais|criticiz|describ)ing|referred\s+to|summed\s+up)\b
    (?:\s+(?:that|it|this|us|reporters))? [\s:,]* (?P<rest>.*)$
    """,
    re.VERBOSE,
)
SAID_BY_WHOM = re.compile(  # "..." - who said it?
    r"^(?P<quote>[\"“”„«»'‘].{3,}[\"“”„«»'’])[\s,:–—-]*who\s+(?:was\s+it\s+(?:that\s+|who\s+)?)?(?:said|says|wrote|tweeted)(?:\s+(?:that|this|it))?$"
)
COMPARE = re.compile(
    rf"""
    ^(?:compare|contrast)\s+(?:what\s+)?(?P<one>\S.*?)(?:'s\s+(?:{STANCE})|\s+said)(?:\s+{ABOUT}\s+(?P<rest3>.*?))?
    \s+(?:with|to|and|against)\s+(?:what\s+)?(?P<other>\S.*?)(?:'s(?:\s+(?:{STANCE}))?|\s+said)(?:\s+{ABOUT}\s+(?P<rest4>.*))?$
    | ^(?:compare\s+|contrast\s+)(?:what\s+)?(?P<who>\S.*?)
    (?:'s\s+(?:{STANCE})|(?:\s+(?:has|have|had))?\s+(?:said|says?|think|thinks))?(?:\s+{ABOUT}\s+(?P<rest>.*))?$
    | ^(?P<who2>\S+(?:\s+\S+){{0,3}}\s+(?:vs\.?|versus)\s+\S+(?:\s+\S+){{0,3}}?)(?:\s+{ABOUT}\s+(?P<rest2>.*))?$
    """,
    re.VERBOSE,
)
CHANGED = re.compile(
    rf"""
    ^(?:has|have|how\s+has|how\s+have|how\s+did)\s+(?P<who2>\S.*?)(?:'s|s')\s+(?:{STANCE})\s+{ABOUT}
    \s+(?P<rest2>.*?)\s+(?:changed?|shifted?|evolved?)$
    | ^(?:has|have|did|how\s+has|how\s+have|how\s+did)\s+(?P<who>\S.*?)(?:'s\s+(?:{STANCE}))?
    \s+(?:changed?|shifted?|evolved?|flip(?:ped)?(?:-|\s)flop(?:ped)?)(?:\s+(?:his|her|its|their|the))?
    (?:\s+(?:{STANCE}|mind|tune|tone))? (?:\s+(?:{ABOUT}|with)\s+(?P<rest>.*))?$
    """,
    re.VERBOSE,
)
OVER_TIME = re.compile(
    r"\s*,?\s*\b(?:over\s+(?:time|the\s+(?:weeks|months|years))|through\s+time|as\s+a\s+timeline|timeline)\b\s*"
)
LEADING = re.compile(rf"^(?:{ABOUT}|to|that|it|for|against|whether|if|how|when|do|does|doing|as|with)\b\s*")
AND = re.compile(
    r"\s*(?:,\s*and\s+|,\s*|\s+and\s+|\s*&\s*|\s+vs\.?\s+|\s+versus\s+|\s+compared\s+(?:to|with)\s+|\s+or\s+)\s*"
)
QUOTED = re.compile(r"[\"“”„«»]([^\"“”„«»]{3,})[\"“”„«»]|(?<!\w)['‘]([^‘’]{6,}?)['’](?!\w)|''(.{6,}?)''")
TAG = re.compile(
    r"\s*\?\s*(?:and\s+)?what\s+(?:did|does|do|has)\s+(?:he|she|they)\s+(?:say|said|think)\b.*$|\s+and\s+where$"
)

# Verbs that say no more than that somebody spoke: no part of the topic.
LIGHT = frozenset(
    """
    take took takes say says said saying tell tells told telling talk talked talking speak spoke speaking think thinks
    thought comment
    commented state stated mention mentioned feel feels felt believe believes believed respond responded react reacted
    reacts reply replied explain explained explains describe described describes put make made add added answer
    answered note noted view views viewed see sees saw want wants wanted write wrote give gave use used offer offered
    express expressed claim claimed claims argue argued argues address addressed remark remarked suggest suggested
    suggests discuss discussed know weigh regard consider considered declare declared elaborate elaborated call called
    calls characterize characterized
    """.split()
)
# "which treat did they add" asks for a thing; "what reason did they give" for words.
DOING = frozenset(
    """
    add added make made see sees saw use used know hit plan plans planned sell put offer offered give gave like prefer
    want wants wanted face name named hope expect expected announce announced reveal revealed declare declared call
    called place ask asked paint pitch sum support supports propose proposed confirm confirmed
    """.split()
)
WORDS = re.compile(
    r"\b(?:reason|word|excuse|explanation|advice|comparison|term|phrase|metaphor|argument|point|claim)s?\b"
)
NOBODY = frozenset(
    "he she they it him her them his its we you i people anyone anybody someone there this that these those".split()
)


def lowered(text: str) -> str:
    """Lower case and plain apostrophes, code point for code point, so that offsets stay."""
    if text.isascii():
        return text.lower()
    return "".join(c.lower() if len(c.lower()) == 1 else c for c in text).translate(str.maketrans("’‘ʼ", "'''"))


def tidy(text: str) -> str:
    """Single spaces, no punctuation at the ends."""
    return re.sub(r"\s+", " ", text).strip(" \t?!.,;:")
