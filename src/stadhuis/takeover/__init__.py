"""Takeover: reading the registers of another ZGW provider over its APIs and placing what they hold here.

Owns how far that is: runs, cursors, what was taken and what could not be. How an object of a register is stored is for its
own room (``take_over``). That provider stays in use meanwhile; a next run takes what changed.
"""
