"""Entering many licences from a file: all of them, or none."""
