// Why a certificate is refused: the reasons of meibo.certificates.outcomes, and three of this page's own (trust_…).

export class Refusal extends Error {
  constructor(reason) {
    super(reason);
    this.reason = reason;
  }
}

export function refuse(reason) {
  throw new Refusal(reason);
}

export function demand(holds, reason) {
  if (!holds) refuse(reason);
}

/** The state that a reason leads to; VALID without one. */
export function stateOf(reason) {
  if (reason === null) return "VALID";
  if (["expired", "revoked", "suspended"].includes(reason)) return reason.toUpperCase();
  return /^(status|trust)_/.test(reason) ? "STATUS_UNAVAILABLE" : "INVALID";
}

/** What `act` gives; whatever it throws becomes a refusal with this reason, a refusal of its own aside. */
export async function orRefuse(reason, act) {
  try {
    return await act();
  } catch (error) {
    throw error instanceof Refusal ? error : new Refusal(reason);
  }
}
