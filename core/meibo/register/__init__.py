"""Licences and their history: actions, the versions that follow from them, sealed groups, search keys."""
