"""The registers' APIs under load: ``script/bench zgw``, and ``script/bench zgw.upload`` for one very large document."""
