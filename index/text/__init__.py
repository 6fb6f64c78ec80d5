"""Pure functions on language: who said what in the paragraphs of one article."""
