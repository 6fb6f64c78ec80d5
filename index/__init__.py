"""On Record without Discord: reading articles, attributing what they quote, storing and answering."""
