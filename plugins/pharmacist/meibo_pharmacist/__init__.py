"""Pharmacists (薬剤師): what the register keeps, asks, charges, shows and forgets."""
