"""Documenten: documents with their versions, content and rights, as ZGW Documenten 1.7 describes them.

It owns the documents and holds on to their bytes (``kit.files``). To which zaak or besluit a document belongs is the
business of those rooms; they mirror the relation here (objectinformatieobject).
"""
