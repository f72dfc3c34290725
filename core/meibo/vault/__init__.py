"""The vault: who holds which licence, and their numbers. Only identity and linkage may name it.

Three services over three stores: `links` (all that the portal may reach), `numbers`, and the `keystore` whose
keys open what `numbers` keeps.
"""
