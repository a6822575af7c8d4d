"""What is this writing?

In:    any string.
Out:   normal form, script, tokens, sentences.
Never: raises on a string, whatever is in it.
"""
