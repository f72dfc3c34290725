"""Items: one declaration from which columns, validation, API types, reference pages and lists are made."""
