"""The face on the web.

In:    requests.
Out:   pages, the API, feeds.
Never: unescaped text of an outlet; the inside of stages.
"""
