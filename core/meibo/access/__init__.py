"""Who may do what, to which professions: accounts, tokens, permissions. Nothing is allowed that is not granted."""
