"""Digital certificates: issued from the register, with a status of their own, verified by one interface.

| room | what |
|---|---|
| `claims` | what a certificate says, and which of it the holder may withhold |
| `entries`, `asking` | entered before it is signed; what a holder asks for, once and within limits |
| `instances` | certificates as their holder is told of them |
| `nonces` | for the proof of a wallet's key; each serves once |
| `sdjwt` | SD-JWT VC: issuing, presenting, reading; the proof of a key |
| `qr` | the QR certificate: COSE_Sign1 over CBOR in a link |
| `status` | Token Status Lists: entries, standing, tokens, publishing |
| `keys` | the offline root, signing certificates, JWKS and trust list |
| `trust` | whose certificates are believed, and what may be fetched |
| `verification` | a presentation or a QR certificate in, an outcome out |
"""
