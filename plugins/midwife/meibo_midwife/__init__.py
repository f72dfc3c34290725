"""Midwives (助産師): what the register keeps, asks, charges, shows and forgets."""
