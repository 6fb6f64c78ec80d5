"""A real library in a folder, for tests of what changes it: articles of an invented harbour town."""

import json
from pathlib import Path

from index.app import Library, open_library
from tests.kept import settings_for

QUAY = {
    "id": "quay",
    "title": "Lantern stays dark",
    "outlet": "The Selby Lamp",
    "url": "https://lamp.example/quay",
    "published": "2024-03-14",
    "text": "“The lantern stays dark,” harbour master Maren Holt said on Thursday.\n\nHolt said that it rains.",
}
MAYOR = {
    "id": "mayor",
    "title": "Mayor on marmalade",
    "outlet": "Coast Wire",
    "published": "2024-03-15",
    "text": "Mayor Otto Brandt said that the marmalade was his.",
}


def write(source: Path, *records: dict) -> None:
    """Makes these the articles of the source."""
    source.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")


def read(library: Library, *, full: bool = False) -> None:
    """Reads the source again."""
    library.reindex(full=full, progress=lambda _: None)


def a_library(folder: Path, *records: dict) -> tuple[Library, Path]:
    """A library of these articles, and the file that they are read from."""
    source = folder / "articles.jsonl"
    write(source, *(records or (QUAY, MAYOR)))
    library = open_library(settings_for(folder / "library", sources=str(source)))
    read(library)
    return library, source
