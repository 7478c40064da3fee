"""Readers of a clinic's own reference texts: each gives plain documents, and names what it could not read.

Everything in a file is data. Scripts are dropped, markup is turned into text, and a sentence that speaks to a machine
stays the sentence that it is.
"""
