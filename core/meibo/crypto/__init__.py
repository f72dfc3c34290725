"""Keys and seals: AES-256-GCM, HKDF and HMAC from `cryptography`, under keys that live apart from the data."""
