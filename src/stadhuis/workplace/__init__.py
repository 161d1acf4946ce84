"""The workplace: the face for staff. Worklist, search, case page, decisions, mails that need a look.

Owns pages only. Rules, deeds and questions are those of the rooms below.
"""
