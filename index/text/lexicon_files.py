"""Reads the package's own data files: word classes, cue statistics and learned weights, once per process."""

import gzip
import json
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def read_json(name: str) -> Any:  # noqa: ANN401 - each reader knows the shape of its file
    """A JSON file of `index/text/lexicons/`; one that ends with .gz is compressed."""
    data = files("index.text").joinpath("lexicons", name).read_bytes()
    return json.loads(gzip.decompress(data) if name.endswith(".gz") else data)
