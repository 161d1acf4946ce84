"""Zaken: the register of cases, as ZGW Zaken 1.7 describes it.

It owns the zaak and all that hangs on it: statussen, resultaat, rollen, documents (the relation), objects, properties and
notes. Who works on a zaak and when it is due belongs to casework; what was decided to besluiten.
"""
