"""The one door to data.

In:    pages to archive; records derived from them; queries.
Out:   positions in the archive, records, index hits.
Never: a decision about meaning; nobody else imports a database library.
"""
