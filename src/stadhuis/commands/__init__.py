"""Commands for the operator that are more than a few lines: one file each, with ``add_to`` (its arguments) and ``run``.

They read the arguments, call a room or the kit, and say in a sentence what came of it; they decide nothing themselves.
"""
