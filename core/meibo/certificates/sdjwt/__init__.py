"""SD-JWT VC (`dc+sd-jwt`): RFC 9901 and draft-ietf-oauth-sd-jwt-vc, under ES256 alone."""
