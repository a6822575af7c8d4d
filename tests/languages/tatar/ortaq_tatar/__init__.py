"""Tatar, for Ortaq: what is known of it stands in tt.toml."""

from pathlib import Path

from ortaq.languages.shape import read

language = read(Path(__file__).with_name("tt.toml"))
