"""Dentists (歯科医師): what the register keeps, asks, charges, shows and forgets."""
