"""What the BRP says about people and the KVK about companies: asked at the source, never kept here.

Owns the two clients and the records they give. Leaves who may ask to ``access``, masking of a secret address to whoever shows
it (``Persoon.geheimhouding`` says so), and keeping what a decision rests on to the case.

There is no table of persons. Answers are remembered for the length of one web request only: a copy in our own database would be
personal data to keep up to date, protect and destroy, while the sources answer in milliseconds. When a source does not answer,
that is an error (``SourceUnavailable``), so that it is shown as missing and never as empty.
"""
