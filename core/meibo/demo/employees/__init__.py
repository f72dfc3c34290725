"""Ten synthetic employees for whoever builds a check: each in a condition that a check must tell apart.

| room | what |
|---|---|
| `people` | who they are, and what a check of each must come to |
| `making` | enters them, gives them certificates and shares, then lets happen what their condition says |
| `spoiling` | certificates that must be refused, each named after its defect |
| `files` | everything as files: certificates, the holders' keys, links, QR codes, a partner's test keys |
"""
