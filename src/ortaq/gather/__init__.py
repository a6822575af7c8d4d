"""What did outlets publish, and may we take it?

In:    sources (an outlet's feeds, sitemaps, pages, channels, folders, archives) and settings.
Out:   pages, with what listings said of them; a decision for every "may we take it?".
Never: the meaning of a text, the database; only `gather/fetch` speaks HTTP.
"""
