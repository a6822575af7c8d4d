"""What is there on this question?

In:    a query and filters.
Out:   ranked hits with snippets.
Never: a write.
"""
