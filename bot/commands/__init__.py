"""Slash commands and the conversation, one module a family."""
