"""The tables of a generation's SQLite file: the articles, who speaks in them, and who is who.

A key of a speaker is kept as the number of its article's row and the short form that `keys` gives it: an article's id
is a long web address. A row's number is never given to another article, and one that comes back gets its own again, as
`changes` knows it. `speaking` leaves a short form empty that is the slug.
"""

# Beside the articles, whose rows are long: what is read of many, or added to an article that stays as it is.
_HISTORY = """
CREATE TABLE histories (article INTEGER PRIMARY KEY, stored TEXT, withdrawn TEXT, wire_group TEXT NOT NULL,
                        revisions BLOB);
CREATE INDEX histories_by_group ON histories (wire_group) WHERE wire_group != '';
CREATE TABLE changes (id TEXT PRIMARY KEY, sequence INTEGER NOT NULL, removed INTEGER NOT NULL,
                      article INTEGER) WITHOUT ROWID;
CREATE INDEX changes_by_sequence ON changes (sequence, id, removed);
"""
_ARTICLES = """
CREATE TABLE state (only INTEGER PRIMARY KEY CHECK (only = 1), sequence INTEGER NOT NULL, engine TEXT NOT NULL,
                    folder TEXT NOT NULL, coverage BLOB NOT NULL);
CREATE TABLE articles (row INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, sequence INTEGER NOT NULL,
                       source TEXT NOT NULL, item TEXT NOT NULL, raw_hash TEXT NOT NULL, attributor INTEGER NOT NULL,
                       day TEXT, outlet TEXT, paragraphs INTEGER NOT NULL, statements INTEGER NOT NULL,
                       body_sum BLOB NOT NULL, quotes_sum BLOB NOT NULL, raw_sum BLOB NOT NULL,
                       body BLOB NOT NULL, quotes BLOB NOT NULL, raw BLOB NOT NULL, documents BLOB NOT NULL);
CREATE INDEX articles_by_item ON articles (source, item, id, raw_hash, attributor);
CREATE INDEX articles_by_outlet ON articles (outlet, day, paragraphs, statements);
CREATE INDEX articles_by_day ON articles (row, id, day);
CREATE INDEX articles_by_sequence ON articles (sequence);
CREATE TABLE mentions (article INTEGER NOT NULL, short TEXT NOT NULL, name TEXT NOT NULL, kind TEXT NOT NULL,
                       role TEXT, aliases TEXT, statements INTEGER NOT NULL, family TEXT NOT NULL,
                       PRIMARY KEY (article, short)) WITHOUT ROWID;
CREATE INDEX mentions_by_family ON mentions (family) WHERE family != '';
CREATE TABLE speaking (slug TEXT NOT NULL, article INTEGER NOT NULL, short TEXT NOT NULL,
                       PRIMARY KEY (slug, article, short)) WITHOUT ROWID;
CREATE INDEX speaking_elsewhere ON speaking (slug) WHERE short != '';
CREATE TABLE fields (unit TEXT NOT NULL, name TEXT NOT NULL, place INTEGER NOT NULL,
                     PRIMARY KEY (unit, name)) WITHOUT ROWID;
CREATE TABLE sources (place INTEGER PRIMARY KEY, source BLOB NOT NULL);
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
"""
_PEOPLE = """
CREATE TABLE people (row INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, digest BLOB NOT NULL,
                     statements INTEGER NOT NULL, family TEXT NOT NULL, entry BLOB NOT NULL);
CREATE INDEX people_by_family ON people (family);
CREATE INDEX people_by_statements ON people (statements DESC, id);
CREATE TABLE person_keys (article INTEGER NOT NULL, short TEXT NOT NULL, person INTEGER NOT NULL,
                          PRIMARY KEY (article, short, person)) WITHOUT ROWID;
CREATE TABLE person_names (name TEXT NOT NULL, person INTEGER NOT NULL,
                           PRIMARY KEY (name, person)) WITHOUT ROWID;
CREATE INDEX person_names_by_person ON person_names (person);
CREATE TABLE person_roles (word TEXT NOT NULL, person INTEGER NOT NULL, role INTEGER NOT NULL,
                           PRIMARY KEY (word, person, role)) WITHOUT ROWID;
CREATE INDEX person_roles_by_person ON person_roles (person);
CREATE TABLE words (row INTEGER PRIMARY KEY, word TEXT NOT NULL UNIQUE);
CREATE TABLE word_grams (gram TEXT NOT NULL, length INTEGER NOT NULL, word INTEGER NOT NULL,
                         PRIMARY KEY (gram, length, word)) WITHOUT ROWID;
CREATE TABLE person_words (word INTEGER NOT NULL, person INTEGER NOT NULL, statements INTEGER NOT NULL,
                           one TEXT NOT NULL, two TEXT NOT NULL, three TEXT NOT NULL,
                           PRIMARY KEY (word, person)) WITHOUT ROWID;
CREATE INDEX person_words_by_person ON person_words (person);
CREATE INDEX person_words_by_one ON person_words (one, statements DESC, person);
CREATE INDEX person_words_by_two ON person_words (two, statements DESC, person);
CREATE INDEX person_words_by_three ON person_words (three, statements DESC, person);
"""
TABLES = _HISTORY + _ARTICLES + _PEOPLE
