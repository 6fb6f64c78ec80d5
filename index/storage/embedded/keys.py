"""Speakers' keys as the tables and indexes keep them: without the article's id, with which nearly all of them begin."""

_WHOLE = "="  # begins what stands for a key that is not of its article


def slug_of(key: str) -> str:
    """What stands behind the last colon of a speaker's key: often the same in all articles that name somebody."""
    return key.rpartition(":")[2]


def short_of(article_id: str, key: str) -> str:
    """A key within an article, in as few letters as it takes."""
    begin, colon, slug = key.rpartition(":")
    return slug if colon and begin == article_id and not slug.startswith(_WHOLE) else _WHOLE + key


def key_of(article_id: str, short: str) -> str:
    """The key that `short_of` was given."""
    return f"{article_id}:{short}" if is_own(short) else short[1:]


def is_own(short: str) -> bool:
    """Whether the key begins with its article's id."""
    return not short.startswith(_WHOLE)


def ways_to_write(key: str) -> tuple[tuple[str, str], str]:
    """A key of any article: (the article whose own it can be, its short form there), and its form anywhere else."""
    begin, colon, slug = key.rpartition(":")
    own = (begin, slug) if colon and is_own(slug) else ("", "")
    return own, _WHOLE + key
