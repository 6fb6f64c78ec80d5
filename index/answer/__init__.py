"""The read path: a question becomes a query, hits, and passages with citations."""
