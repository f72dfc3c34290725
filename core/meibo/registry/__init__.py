"""The office's service: each verb and each reading is one call, with permission, scope, history and audit in it."""
