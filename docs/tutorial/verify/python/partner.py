"""A partner of meibo: signs in with its own key, has shares and certificates checked, reads receipts.

    python partner.py SERVER CLIENT KEY share LINK
    python partner.py SERVER CLIENT KEY presentation TEXT NONCE
    python partner.py SERVER CLIENT KEY qr LINK
    python partner.py SERVER CLIENT KEY audience
    python partner.py SERVER receipt < RECEIPT

SERVER is the address to connect to, CLIENT the id that the office gave, KEY the private key's file (JWK). Needs
`httpx` and `joserfc`.
"""

import base64
import hashlib
import json
import sys
import time
import uuid
from pathlib import Path

import httpx
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet
from joserfc.jws import JWSRegistry

ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
CHECKED = "verification { outcome standing certificate reason subject claims { name value } receipt }"
REDEEM = (
    "mutation($input: RedeemShareTokenInput!) { redeemShareToken(input: $input) {"
    f" {CHECKED} userErrors {{ code message(language: EN) }} }} }}"
)
VERIFY = (
    "mutation($input: VerifyCredentialInput!) { verifyCredential(input: $input) {"
    f" {CHECKED} userErrors {{ code message(language: EN) }} }} }}"
)


def fetch(address, **request):
    """The answer to a GET, or to a POST where something is sent, as JSON."""
    method = "POST" if "data" in request or "json" in request else "GET"
    return httpx.request(method, address, timeout=30, **request).raise_for_status().json()


class Partner:
    """One partner at one server; its access token is bound to a key that lives as long as this object."""

    def __init__(self, server, client, key):
        self.server, self.client, self.key = server, client, key
        self.proof_key = ECKey.generate_key("P-256")
        # What the server calls itself, which signatures name; behind a proxy that is its address.
        self.issuer = fetch(f"{server}/.well-known/oauth-authorization-server")["issuer"]
        self.token = self.signed_in()

    def signed_in(self):
        """An access token, for ten minutes."""
        form = {
            "grant_type": "client_credentials",
            "client_assertion_type": ASSERTION,
            "client_assertion": self.assertion(),
        }
        headers = {"DPoP": self.proof("/oauth/token")}
        return fetch(f"{self.server}/oauth/token", data=form, headers=headers)["access_token"]

    def assertion(self):
        """Who we are, signed with the key that we registered (private_key_jwt)."""
        now = int(time.time())
        claims = {"iss": self.client, "sub": self.client, "aud": self.issuer, "iat": now, "exp": now + 60}
        head = {"alg": "ES256", "kid": self.key.kid}
        return jwt.encode(head, {**claims, "jti": str(uuid.uuid4())}, self.key)

    def proof(self, path, token=None):
        """That we hold the key to which the token is bound (DPoP): one proof for each request."""
        claims = {"htm": "POST", "htu": self.issuer + path, "iat": int(time.time()), "jti": str(uuid.uuid4())}
        if token:
            claims["ath"] = (
                base64.urlsafe_b64encode(hashlib.sha256(token.encode()).digest()).decode().rstrip("=")
            )
        head = {"alg": "ES256", "typ": "dpop+jwt", "jwk": self.proof_key.as_dict(private=False)}
        return jwt.encode(head, claims, self.proof_key, registry=REGISTRY)

    def ask(self, query, variables=None):
        """The data of an answer; raises where it has errors."""
        headers = {"Authorization": f"DPoP {self.token}", "DPoP": self.proof("/verify/graphql", self.token)}
        asked = {"query": query, "variables": variables or {}}
        answer = fetch(f"{self.server}/verify/graphql", json=asked, headers=headers)
        if "errors" in answer:
            raise SystemExit(f"{answer['errors'][0]['extensions']['code']}: {answer['errors'][0]['message']}")
        return answer["data"]

    def check(self, query, field, **shown):
        """What a check comes to. The same key again gives the same outcome, and uses nothing up."""
        told = self.ask(query, {"input": {"idempotencyKey": str(uuid.uuid4()), **shown}})[field]
        if told["userErrors"]:
            raise SystemExit(told["userErrors"][0]["message"])
        found = told["verification"]
        return found | {"claims": {claim["name"]: claim["value"] for claim in found["claims"]}}

    def redeem(self, link):
        """A share, by its link: the secret is what follows the #, which no server saw."""
        return self.check(REDEEM, "redeemShareToken", token=link.rpartition("#")[2])

    def verify(self, presentation, nonce):
        """A certificate that a wallet presents upon a nonce of ours."""
        return self.check(VERIFY, "verifyCredential", presentation=presentation, nonce=nonce)

    def verify_qr(self, link):
        """A QR certificate, by the link that it carries."""
        return self.check(VERIFY, "verifyCredential", qr=link)

    def audience(self):
        """What wallets must call us."""
        return self.ask("{ viewer { audience } }")["viewer"]["audience"]


class Registry(JWSRegistry):
    """One algorithm, and headers with a certificate or a key in them."""

    max_header_length = 8_192


REGISTRY = Registry(algorithms=["ES256"])


def receipt(server, text):
    """What a receipt says, if a key for receipts signed it: whoever has it can check it, whenever."""
    keys = fetch(f"{server}/.well-known/jwks.json")["keys"]
    usable = [{n: v for n, v in each.items() if n != "x5c"} for each in keys if each["purpose"] == "receipt"]
    found = jwt.decode(text, KeySet.import_key_set({"keys": usable}), registry=REGISTRY)
    if found.header["typ"] != "verification-receipt+jwt":
        raise SystemExit("This is no receipt.")
    return found.claims


def main(server, client, *more):
    """Do what the words say, and print it."""
    if client == "receipt":
        told = receipt(server, sys.stdin.read().strip())
    else:
        key, act, *shown = more
        partner = Partner(server, client, ECKey.import_key(json.loads(Path(key).read_bytes())))
        acts = {
            "share": partner.redeem,
            "presentation": partner.verify,
            "qr": partner.verify_qr,
            "audience": partner.audience,
        }
        told = acts[act](*shown)
    print(told if isinstance(told, str) else json.dumps(told, ensure_ascii=False, indent=2))


if __name__ == "__main__":
    main(*sys.argv[1:])
