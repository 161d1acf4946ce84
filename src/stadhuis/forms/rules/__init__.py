"""The forms engine: pure functions over a definition and answers. No database, clock, settings or request.

``definition`` reads and checks a definition, ``logic`` computes JsonLogic, ``fields`` reads and checks one answer, ``engine``
decides what is visible, required and wrong, ``uploads`` says what a file really is.
"""
