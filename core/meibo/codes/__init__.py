"""The code tables of an installation: rows by date, in memory, each change recorded."""
