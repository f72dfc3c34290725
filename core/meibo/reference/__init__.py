"""The reference pages, made from the code: what is declared once is described once."""
