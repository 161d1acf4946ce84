"""Catalogi: the types of zaken, documents and besluiten, in versions, as ZGW Catalogi 1.4 describes them.

It owns the catalogue and everything in it. Which zaken there are it does not know; the names of relations between the
three main types are kept (the history model of ZGW 1.3), so that a relation always leads to the version of the day.
"""
