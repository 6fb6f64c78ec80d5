"""The write path: sources become records, clean articles, statements, and a stored index."""
