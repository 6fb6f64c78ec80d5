"""The engine of big libraries, on tantivy."""
