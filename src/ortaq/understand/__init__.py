"""Who, what, where, in which language, how close to what?

In:    articles.
Out:   annotations: language, script, vector, names, numbers.
Never: I/O, except for the model's own files.
"""
