"""A whole register into a file: one audited act with a signed manifest, and a file that `meibo import` takes back."""
