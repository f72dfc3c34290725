"""Groups that many registers keep, declared once."""
