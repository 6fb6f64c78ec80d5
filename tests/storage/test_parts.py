import json
from pathlib import Path

import pytest

from index.storage.embedded.tantivy import parts
from index.storage.embedded.tantivy.engine import TantivyEngine, TantivyIndexes
from index.storage.embedded.tantivy.folder import NewFolder
from index.storage.records import Unit

FIELDS = {unit: {"body": f"t{place}"} for place, unit in enumerate(Unit)}


class Rows:
    """Articles whose ids follow from their rows."""

    def ids_of(self, rows):
        return {row: f"a{row:03}" for row in rows}


@pytest.fixture(autouse=True)
def small(monkeypatch):
    monkeypatch.setattr(parts, "FIRST", 4)
    monkeypatch.setattr(parts, "FURTHER", 3)


def put(folder, row, *texts):
    paragraphs = [
        (1, f"a{row:03}#{number}", number, {"body": text}, None, None, [], False) for number, text in enumerate(texts)
    ]
    folder.add((row, f"a{row:03}", [(0, f"a{row:03}", 0, {"body": texts[0]}, None, None, [], False), *paragraphs]))


def segments(place, unit=Unit.PARAGRAPH):
    return sorted(each["max_doc"] for each in json.loads((place / unit / "meta.json").read_bytes())["segments"])


def found(place, term):
    engine = TantivyEngine(TantivyIndexes(place), Rows())
    return [hit.id for hit in engine.search(Unit.PARAGRAPH, {term: 1.0}, boosts={"body": 1.0}, k=1000)]


def made(place, articles):
    folder = NewFolder(place, fields=FIELDS)
    for row in range(1, articles + 1):
        put(folder, row, "harbour", f"harbour number{row}")
    return folder


def test_a_large_index_is_made_of_parts_of_which_none_is_left(tmp_path: Path) -> None:
    made(tmp_path / "new", 13).close()
    assert segments(tmp_path / "new") == [26]
    assert len(list((tmp_path / "new" / Unit.PARAGRAPH).glob("*.store"))) == 1
    assert not list((tmp_path / "new").glob("*/part-*"))
    assert sorted(found(tmp_path / "new", "harbour")) == [f"a{row:03}#{n}" for row in range(1, 14) for n in (0, 1)]


def test_an_index_of_one_part_is_made_as_it_comes_and_few_parts_stay_beside_each_other(tmp_path: Path) -> None:
    made(tmp_path / "one", 1).close()
    assert segments(tmp_path / "one") == [2]
    made(tmp_path / "few", 4).close()
    assert segments(tmp_path / "few") == [1, 3, 4]
    assert found(tmp_path / "few", "number4") == ["a004#1"]


def test_an_article_that_goes_while_the_index_is_made_is_in_no_part_and_may_come_again(tmp_path: Path) -> None:
    folder = made(tmp_path / "new", 7)
    for row in (1, 4, 7):
        folder.remove(row)
    put(folder, 4, "harbour", "harbour anew")
    folder.close()
    assert sorted(found(tmp_path / "new", "harbour")) == [f"a{row:03}#{n}" for row in range(2, 7) for n in (0, 1)]
    assert found(tmp_path / "new", "number4") == found(tmp_path / "new", "number1") == []
    assert found(tmp_path / "new", "anew") == ["a004#1"]


def test_a_folder_made_in_parts_is_added_to_like_any_other(tmp_path: Path) -> None:
    made(tmp_path / "old", 4).close()
    folder = NewFolder(tmp_path / "more", fields=FIELDS, before=tmp_path / "old")
    put(folder, 5, "harbour", "harbour number5")
    folder.close()
    folder = NewFolder(tmp_path / "next", fields=FIELDS, before=tmp_path / "more", whole=True)
    folder.remove(3)
    folder.close()
    assert len(found(tmp_path / "next", "harbour")) == 8
    assert found(tmp_path / "next", "number3") == []


def test_an_abandoned_folder_leaves_nothing(tmp_path: Path) -> None:
    made(tmp_path / "new", 4).abandon()
    assert not (tmp_path / "new").exists()
