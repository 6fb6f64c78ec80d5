"""Everything that On Record raises on purpose, as one tree.

NewsError
├── SettingsError      a setting has a value that can't be used
├── SourceError        a source can't be read: missing, no permission, not text, not a record
├── StoreError         the stored index can't be opened, read or written
│   ├── EmptyLibrary   nothing has been indexed yet
│   ├── LibraryBusy    another process is writing to the library
│   └── DamagedStore   stored bytes are not what was written
├── UnknownReference   an ARTICLE#NUMBER that names nothing stored
└── QuestionError      a question that can't be asked as it stands (empty, too long)

Each carries one sentence that says what is wrong and what to do; a face prints `str(error)` and nothing more.
"""


class NewsError(Exception):
    """Base of every error that On Record explains; `str(error)` is one sentence for a person."""


class SettingsError(NewsError):
    """A setting has a value that can't be used."""


class SourceError(NewsError):
    """A source, or one item of it, can't be read.

    Attributes:
        item: the file, line or address that the sentence is about.
    """

    def __init__(self, item: str, reason: str) -> None:
        super().__init__(f"{item}: {reason}")
        self.item = item
        self.reason = reason


class StoreError(NewsError):
    """The stored index can't be opened, read or written."""


class EmptyLibrary(StoreError):
    """Nothing has been indexed yet."""


class LibraryBusy(StoreError):
    """Another process is writing to the library; one writer at a time."""


class DamagedStore(StoreError):
    """Stored bytes are not what was written."""


class UnknownReference(NewsError):
    """An ARTICLE#NUMBER that names nothing stored."""


class QuestionError(NewsError):
    """A question that can't be asked as it stands."""
