"""What does this page say?

In:    pages.
Out:   articles: headline, lead, text, authors, dates; problems.
Never: I/O; a date that is only guessed.
"""
