"""The version of our copies and stories: raise it when the same articles would be put together differently."""

VERSION = "1"
