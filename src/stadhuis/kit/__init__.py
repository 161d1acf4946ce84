"""The ground floor without nouns: API layer, database helpers, files, jobs, facts, mail, PDF, page layouts and components.

Owns no Dutch law and no noun of the town. Leaves every rule of a room to that room.
"""
