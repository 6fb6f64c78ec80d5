"""The store past one machine: corpus and engine in an OpenSearch cluster, any number of processes at it."""
