"""Trusted documents: operations that were looked at before they are served, asked for by their ids.

https://github.com/graphql/graphql-over-http, appendix "Persisted Documents".
"""

from meibo_graphql.documents.manifests import read_manifest
from meibo_graphql.documents.store import DocumentStore
from meibo_graphql.documents.trusted import Trust, TrustedDocuments

__all__ = ["DocumentStore", "Trust", "TrustedDocuments", "read_manifest"]
