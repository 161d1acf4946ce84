"""Portal: the face for residents and companies.

Owns the home page, product pages, 'Mijn zaken', letters, 'Mijn gegevens' and the pages every public site must have. Holds no
data of its own: everything comes through the front doors of other rooms, and only what the visitor may see.
"""
