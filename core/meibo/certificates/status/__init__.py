"""Token Status Lists (draft-ietf-oauth-status-list): which certificates hold, without asking who they belong to."""
