"""What do we know of each language?

In:    a BCP 47 code.
Out:   a Language: its names, scripts, months, date patterns, stop words.
Never: code that works for one language only where data can say it.
"""
