"""The picture in DESIGN's first page, in code: archive → read → understand → unify → records → index.

In:    the archive's records after the last checkpoint.
Out:   derived records, the index; the only writer of both.
Never: a page that was not archived first; a checkpoint without its records.
"""
