"""Keys: ES256, the offline root, signing certificates by administrator and purpose, what is published of them."""
