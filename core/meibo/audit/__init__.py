"""Who did what to whose record: leaves, a Merkle tree over them (RFC 9162), signed checkpoints, proofs."""
