"""Besluiten: formal decisions, as ZGW Besluiten 1.1 describes them, with the documents that lay them down."""
