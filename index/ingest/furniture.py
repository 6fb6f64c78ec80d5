"""Tells the furniture of a web page (credits, advertisements, links, invitations) from the article's own lines.

Precision before recall: a line that might be prose stays, since a lost sentence is worse than a stray credit.
"""

import re

_LONGEST = 300  # code points; furniture is short

_NAME = r"(?:[^\W\d_a-z][\w.'’-]*|(?:of|via|for|and|the|by|de|van|von)\b)"
_NAMES = rf"(?:{_NAME}(?:[\ ,/|&]+{_NAME}){{0,8}})"
_AGENCY = r"(?:Getty(?:\ Images)?|AFP|iStock(?:photo)?|Shutterstock|Alamy|EPA|Corbis|AP\ (?:Photo|Images))"
_AGENCY_AFTER_SLASH = r"(?:AP|Reuters|REUTERS|Bloomberg)"
_TOPICS = r"(?:\ (?:stor(?:y|ies)|articles?|links?|coverage|topics?|content|for\ you|reading))?"
_PICTURE = r"(?:photo(?:graph)?s?|image|picture|illustration|graphic)(?:\ (?:credit|source|courtesy))?"
_INSET = r"(?:\ (?:the\ |this\ )?(?:advert(?:isement)?|ad|video|gallery|photo))?"
_INVITED = r"(?=.*\b(?:newsletters?|inbox|e-?mails?|alerts?|updates|podcasts?|here|now|today|free|app|channel)\b)"
_TO_YOU = r"(?:straight\ |right\ |directly\ )?to\ your\ (?:inbox|phone|e-?mail)"
_SILENT = r'[^"“”]*'  # an invitation quotes nobody

_FURNITURE = re.compile(
    rf"""
    # who took the picture
    (?:©|\(c\)\ ?\d{{4}}|copyright\ (?:©|\(c\)|\d{{4}})).*
    |.*\ball\ rights\ reserved\.?
    |this\ material\ may\ not\ be\ published,\ broadcast,\ rewritten.*
    |(?:{_PICTURE}(?:\s?[:,]|\ by|\ courtesy\ of|\ via)|image\ copyright|credit:)\ ?(?-i:{_NAMES})\.?
    |\((?-i:{_NAMES}(?:/|\ via\ |\ for\ ){_NAMES})\)
    |(?-i:(?:{_NAME}[\ ,/|&]+){{0,8}}?{_AGENCY}(?:(?:/|\ via\ ){_NAMES})?)\.?
    |(?-i:(?:{_NAME}[\ ]){{1,4}}?{_NAME}/{_AGENCY_AFTER_SLASH})\.?
    |(?:hide|show|toggle)\ caption(?:\ \d+\ of\ \d+)?
    # advertisements and breaks of the page
    |(?:advertisement|advertising|ad|(?:sponsored|promoted)(?:\ content)?)[.:]?
    |\(?(?:story|article|post)\ continues?\ (?:below|after){_INSET}[.:]?\)?
    |(?:continue|keep)\ reading(?:\ the\ main\ story|\ below)?[.:…»>]*
    |skip\ (?:advertisement|ad|past\ newsletter\ promotion)[.:]?
    |supported\ by|scroll\ down\ for\ (?:more|video)|\d+\ min(?:ute)?s?\ read|loading(?:…|\.\.\.)?
    |please\ (?:enable|turn\ on|allow)\ javascript\b.*
    |your\ browser\ does\ not\ support\ (?:the|this|html|java|video|audio|inline).*
    |(?:we|this\ (?:web)?site)\ uses?\ cookies\ (?:to|on|for|and\ (?:other|similar))\b.*
    |(?:just\ watched|now\ playing)\b.*\bmust\ watch\b.*
    # links to other pieces
    |(?:read|see|learn|show|view|load|find\ out)\ more(?:\ (?:here|below|stories|at\ \S+))?\ ?[.:…»>]*
    |(?:(?:read|see)\ (?:more|also|next)|also\ read|(?:related|recommended){_TOPICS}
        |more\ from\ [\w\ .'’-]{{1,40}}|up\ next|don['’]t\ miss)\s?:.*[^.”"]
    |(?:related|recommended|trending|up\ next|see\ also){_TOPICS}
    |click\ here\ (?:to|for)\b.*
    |(?-i:Tags|TAGS):?\ (?-i:{_NAMES})
    # invitations
    |(?:sign\ up|subscribe|register)(?:\ (?:here|now|today|free))?[.:!]?
    |(?:sign\ up|subscribe|register)\ (?:here|now|today|for|to|free)\b{_INVITED}{_SILENT}
    |{_SILENT}(?-i:\bSign\ up|\bSubscribe)\ (?:here|now|today|for\ (?:our|the)|to\ (?:our|the))\b{_INVITED}{_SILENT}
    |(?:get|have)\ {_SILENT}\b(?:delivered|sent)\ {_TO_YOU}\b{_SILENT}
    |follow\ {_SILENT}(?:@\w+|\bon\ (?:twitter|facebook|instagram|x)\b){_SILENT}
    |(?:contact|reach|e-?mail)\ (?-i:[A-Z]){_SILENT}(?:\S@\S|@\w){_SILENT}
    |(?:share|tweet|share\ (?:this|on)(?:\ (?:story|article|post|facebook|twitter|x))?|print|e-?mail)[.:]?
    |(?:(?:view|show|hide|read)\ (?:all\ )?(?:\d+\ )?comments|leave\ a\ comment|(?:\d+\ )?comments?)[.:]?
    |view\ the\ discussion\ thread\.?|copy\ link|link\ copied[.!]?|report\ (?:a\ typo|an\ error)[.!]?
    # rules and bullets
    |[\W_]+
    """,
    re.VERBOSE | re.IGNORECASE,
)


def is_furniture(line: str) -> bool:
    """Whether a repaired line belongs to the page, not to the article."""
    return len(line) <= _LONGEST and _FURNITURE.fullmatch(line) is not None
