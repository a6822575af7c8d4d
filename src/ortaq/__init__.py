"""Ortaq: the unified information media platform for Central Asia."""

__version__ = "0.1.0"
