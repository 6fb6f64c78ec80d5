"""The embedded store: a SQLite file as the truth and an engine beside it, for one machine."""
