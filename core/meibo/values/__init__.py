"""Values that every register shares: dates, names, contacts, numbers and pseudonyms.

Each module reads text into a value or raises `meibo.errors.InvalidValue`, whose sentences never repeat it.
"""
