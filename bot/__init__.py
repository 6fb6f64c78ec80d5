"""The Discord face of On Record: the only package that knows discord.py."""
