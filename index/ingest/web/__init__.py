"""What comes over the web: feeds, sitemaps and pages, fetched safely, politely and in their own time."""
