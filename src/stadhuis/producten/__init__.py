"""Producten: what a resident can get from the town, in plain words, with its name in the Uniforme Productnamenlijst.

Owns the texts of products and which form, level and other routes belong to them. Leaves to others: the form itself (forms).
"""
