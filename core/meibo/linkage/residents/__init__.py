"""The resident-record network (住民基本台帳ネットワーク): asked by file or at once, for many or for one.

`layout`, `codec`, `inquiries` and `envelopes` are pure: what a file is, whoever sends it.
"""
