"""What the library tells of itself is counted on with each change, and is what counting everything would give."""

import random

from tests.storage.builders import an_article, documents_of
from tests.storage.stores import on_files
from tests.storage.test_damage import change_stored
from tests.storage.test_generations import ill


@on_files
def test_after_any_changes_the_counts_are_those_of_what_is_stored(store):
    draw = random.Random(2)
    for _ in range(12):
        with store.write() as writer:
            for _ in range(4):
                name = draw.choice("abcdef")
                if draw.random() < 0.4:
                    writer.remove(name)
                    continue
                stored = an_article(
                    name,
                    *["words"] * draw.randint(0, 3),
                    published=draw.choice([None, "2021-03-04", "2021-03-05", "2020-01-01", "2022-12-31"]),
                    outlet=draw.choice([None, "The Mail", "The Post"]),
                )
                writer.put(stored, documents_of(stored))
            writer.commit()
        assert ill(store) == []


@on_files
def test_counts_that_are_damaged_are_counted_anew_by_the_next_change(store, home):
    for written in ("x'00'", "'[1, 2]'"):
        with store.write() as writer:
            writer.put(an_article("a"), documents_of(an_article("a")))
            writer.commit()
        change_stored(home, f"UPDATE state SET coverage = {written}")
        with store.write() as writer:
            writer.commit()
        assert ill(store) == []


@on_files
def test_counts_that_are_wrong_are_set_right_by_compacting(store, home):
    with store.write() as writer:
        writer.put(an_article("a"), documents_of(an_article("a")))
        writer.commit()
    change_stored(home, "UPDATE state SET coverage = replace(coverage, '[1,', '[7,')")
    assert ill(store) != []
    store.compact()
    assert ill(store) == []
