"""A small made-up region to show everything with.

In:    articles written for it, in files.
Out:   a local web site of its outlets.
Never: real outlets, real people.
"""
