"""The QR certificate: COSE_Sign1 over CBOR in an https link, small enough for paper and for any camera."""
