"""Compiled reads: a query becomes a plan, the plan as few statements as possible, and their rows the answer.

What no plan can answer is left to graphql-core, which remains the judge of what is right.
"""

from meibo_graphql.reads.answering import CompiledReads
from meibo_graphql.reads.planning import catalogue
from meibo_graphql.reads.points import Point

__all__ = ["CompiledReads", "Point", "catalogue"]
