"""Builders that the tests of ingest share."""

from index.ingest.cleaning import Cleaned, clean
from index.ingest.records import ArticleRecord, record_from


def a_record(text="Ada Roe said so.", **fields) -> ArticleRecord:
    return record_from({"text": text, **fields}, item="here")


def cleaned(text, **fields) -> Cleaned:
    return clean(a_record(text, **fields), article_id="a")


def texts(given: Cleaned) -> dict[int, str]:
    return {p.number: p.text for p in given.article.paragraphs}
