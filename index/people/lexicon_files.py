"""Reads this package's word lists: "word: form, form" a line, once per process."""

from functools import cache
from importlib.resources import files


@cache
def read_list(name: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Each line of a list in `index/people/lexicons/`: its word and its forms, in the file's order."""
    found = []
    for line in files("index.people").joinpath("lexicons", name).read_text(encoding="utf-8").splitlines():
        word, mark, forms = line.partition(":")
        if mark and not line.startswith("#"):
            found.append((word.strip(), tuple(form.strip() for form in forms.split(",") if form.strip())))
    return tuple(found)
