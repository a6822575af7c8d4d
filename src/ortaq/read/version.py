"""The version of our reading: raise it when the same page would be read differently, so that a rebuild knows."""

VERSION = "2"
