"""The selectielijst and referentielijsten as VNG publishes them: a copy of our own, taken in from files and served like theirs.

An address of a host that is named in ``SELECTIELIJST_HOSTS`` is answered from the copy, never over the network; what was
sent is kept as it was sent. Shape of the API: VNG's OpenAPI file, vrl API 0.6.0 (read-only, for everybody).
"""
