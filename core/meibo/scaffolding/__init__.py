"""A new plugin from a list of items: a whole distribution that passes its own tests."""
