"""The schema of those who check: what a holder consented to, what a certificate says, what is public.

| room | what |
|---|---|
| `context` | who asks |
| `public` | the public search |
| `partners`, `inputs`, `results` | what partners have checked |
| `schema` | the root fields, gathered from the rooms that have them |
"""

from meibo_graphql.verify.context import VerifyContext
from meibo_graphql.verify.schema import verify_schema

__all__ = ["VerifyContext", "verify_schema"]
