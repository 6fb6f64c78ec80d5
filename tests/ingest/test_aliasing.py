import json

import pytest

from index.cli import main
from index.errors import LibraryBusy, SettingsError, StoreError
from index.ingest.aliasing import change_aliases, different, same, without
from index.ingest.reindex import reindex
from index.people import parse_aliases
from index.people.aliases import FILE
from index.storage import open_store

TEXT = "Maren Holt said that it rains.\n\nMara Hollister said that it snows.\n\nOtto Brandt said no."
WRITTEN = """# Who is who at the quay
[[same]]
names = ["Maren Holt", "Mara Hollister"] # since her wedding

# The two mayors
[[different]]
names = ["Otto Brandt", "Otto Brant"]

[[in_article]]
article = "quay"
name = "Holt"
is = "Maren Holt"
"""


@pytest.fixture
def home(tmp_path):
    return tmp_path / "home"


@pytest.fixture
def library(home, tmp_path):
    (tmp_path / "quay.txt").write_text(f"Quay\n\n{TEXT}\n")
    store = open_store(home)
    reindex(store, [str(tmp_path / "quay.txt")])
    yield store
    store.close()


def people(store):
    return {entry.speaker.name: entry.statements for entry in store.snapshot().corpus.people_like("", 100)}


def test_names_of_one_person_are_joined_at_once_and_taken_apart_again(library, home):
    report = change_aliases(library, home, same("Maren Holt", "mara hollister"))
    assert people(library) == {"Maren Holt": 2, "Otto Brandt": 1}
    assert report.aliases.same == (("Maren Holt", "mara hollister"),)
    assert report.notes == ()
    change_aliases(library, home, without("Mara Hollister"))
    assert people(library) == {"Maren Holt": 1, "Mara Hollister": 1, "Otto Brandt": 1}
    assert (home / FILE).read_text() == ""


def test_a_name_more_joins_the_group_that_there_is(library, home):
    change_aliases(library, home, same("Maren Holt", "Mara Hollister"))
    report = change_aliases(library, home, same("Mara Hollister", "M. Holt-Vane"))
    assert report.aliases.same == (("Maren Holt", "Mara Hollister", "M. Holt-Vane"),)
    assert report.notes == ("Nobody called “M. Holt-Vane” is on record now.",)
    report = change_aliases(library, home, without("m. holt-vane"))
    assert report.aliases.same == (("Maren Holt", "Mara Hollister"),)


def test_what_an_administrator_wrote_by_hand_stays_comments_too(library, home):
    (home / FILE).write_text(WRITTEN)
    change_aliases(library, home, different("Otto Brandt", "Odo Brand"))
    text = (home / FILE).read_text()
    assert text.startswith(WRITTEN.rstrip())
    assert text.endswith('[[different]]\nnames = ["Otto Brandt", "Odo Brand"]\n')
    change_aliases(library, home, without("Maren Holt"))
    text = (home / FILE).read_text()
    assert "# Who is who at the quay" in text
    assert "# The two mayors\n[[different]]" in text
    assert "Holt" not in text
    assert parse_aliases(text).different == (("Otto Brandt", "Otto Brant"), ("Otto Brandt", "Odo Brand"))


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        (same("Maren Holt", "!"), "is no name"),
        (different("Maren Holt", "maren holt"), "tells two of one name apart"),
        (without("Nobody"), "says nothing about “Nobody”"),
        (same("Maren Holt", "x" * 300), "at most 200 characters"),
        (same("Maren Holt", "a\x7fb"), "can be printed"),
    ],
)
def test_what_makes_no_sense_changes_nothing(library, home, edit, words):
    with pytest.raises(SettingsError, match=words):
        change_aliases(library, home, edit)
    assert not (home / FILE).exists()


def test_a_name_with_marks_is_written_so_that_it_is_read_again(library, home):
    report = change_aliases(library, home, same('Maren "Mo" Holt', "Mårten \\ O'Hara"))
    assert report.aliases.same == (('Maren "Mo" Holt', "Mårten \\ O'Hara"),)


def test_a_file_with_a_mistake_is_not_touched(library, home):
    (home / FILE).write_text("[[same]\n")
    with pytest.raises(SettingsError, match="is not TOML"):
        change_aliases(library, home, same("Maren Holt", "Mara Hollister"))
    (home / FILE).write_bytes(b"\xff\xfe")
    with pytest.raises(SettingsError, match="can't be read"):
        change_aliases(library, home, same("Maren Holt", "Mara Hollister"))
    assert (home / FILE).read_bytes() == b"\xff\xfe"


def test_while_another_process_writes_nothing_changes(library, home):
    other = open_store(home)
    with other.write(), pytest.raises(LibraryBusy):
        change_aliases(library, home, same("Maren Holt", "Mara Hollister"))
    other.close()
    assert not (home / FILE).exists()


def test_when_the_library_can_not_be_written_the_file_is_as_it_was(library, home, monkeypatch):
    class Full:
        def __init__(self, writer):
            self._writer = writer

        def __getattr__(self, name):
            return getattr(self._writer, name)

        def commit(self):
            raise StoreError("the disk is full")

    class Store:
        def __init__(self, store):
            self._store = store

        def __getattr__(self, name):
            return getattr(self._store, name)

        def write(self, **options):
            opened = self._store.write(**options)

            class Block:
                def __enter__(self):
                    return Full(opened.__enter__())

                def __exit__(self, *error):
                    return opened.__exit__(*error)

            return Block()

    with pytest.raises(StoreError, match="the disk is full"):
        change_aliases(Store(library), home, same("Maren Holt", "Mara Hollister"))
    assert (home / FILE).read_text() == ""
    assert len(people(library)) == 3


def test_they_can_be_said_before_anything_is_read(tmp_path):
    store = open_store(tmp_path / "new")
    report = change_aliases(store, tmp_path / "new", same("Maren Holt", "Mara Hollister"))
    assert report.aliases.same
    assert (tmp_path / "new" / FILE).exists()


def test_the_command_shows_and_changes_them(library, home, monkeypatch, capsys, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ONRECORD_HOME", str(home))

    def run(*arguments):
        code = main(["aliases", *arguments])
        out, err = capsys.readouterr()
        return code, out, err

    assert run() == (0, "Nothing is said of who is who.\n", "")
    assert run("same", "Maren Holt", "Mara Hollister") == (0, "Maren Holt = Mara Hollister\n", "")
    code, out, _ = run("different", "Otto Brandt", "Odo Brand", "--json")
    told = json.loads(out)
    assert (code, told["event"], told["same"]) == (0, "aliases", [["Maren Holt", "Mara Hollister"]])
    assert told["different"] == [["Otto Brandt", "Odo Brand"]]
    assert told["notes"] == ["Nobody called “Odo Brand” is on record now."]
    assert "Otto Brandt ≠ Odo Brand" in run("list")[1]
    code, out, _ = run("remove", "Nobody", "--json")
    assert (code, json.loads(out)["event"]) == (1, "error")
    assert run("remove", "Nobody")[0] == 1
    assert run("same", "Maren Holt")[0] == 2
    assert run("list", "Maren Holt")[0] == 2
