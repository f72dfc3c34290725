"""Registered dietitians (管理栄養士): what the register keeps, asks, charges, shows and forgets."""
