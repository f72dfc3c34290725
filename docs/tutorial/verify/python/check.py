"""python check.py TRUST STATUSES AUDIENCE NONCE < presentation

Checks an SD-JWT VC without asking anybody: TRUST is the issuer's trust list, whose root you compared once by phone;
STATUSES is a folder of status lists, fetched within the last minutes. Needs `joserfc` and `cryptography`.
"""

import base64
import hashlib
import json
import sys
import time
import zlib
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

ARC = "2.25.168874824959178130978971181482716895745"
CERTIFICATE, STATUS = x509.ObjectIdentifier(f"{ARC}.1"), x509.ObjectIdentifier(f"{ARC}.3")
SKEW, OLDEST_BINDING, OLDEST_STATUS, LARGEST_LIST = 60, 300, 900, 2**22
TECHNICAL = ("iss", "iat", "nbf", "exp", "vct", "cnf", "status")
STATES = {0: "VALID", 2: "SUSPENDED"}


class Registry(jws.JWSRegistry):
    """One algorithm, and headers with a chain in them."""

    max_header_length = 8_192


REGISTRY = Registry(algorithms=["ES256"])


class Refused(Exception):
    """Why a certificate is not to be relied on."""


def decode(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def header(token):
    return json.loads(decode(token.partition(".")[0]))


def key_of(token, trust, usage, typ):
    """The key that signed a token and whom it is for: one certificate, right below an anchor of the trust list."""
    head = header(token)
    if head["alg"] != "ES256" or head["typ"] != typ or len(head["x5c"]) != 1:
        raise Refused("header")
    leaf = x509.load_der_x509_certificate(base64.b64decode(head["x5c"][0]))
    anchors = [x509.load_der_x509_certificate(base64.b64decode(each)) for each in trust["anchors"]]
    if not any(is_below(leaf, anchor) for anchor in anchors):
        raise Refused("chain")
    extensions, now = leaf.extensions, time.time()
    if usage not in extensions.get_extension_for_class(x509.ExtendedKeyUsage).value:
        raise Refused("purpose")
    if not leaf.not_valid_before_utc.timestamp() <= now < leaf.not_valid_after_utc.timestamp():
        raise Refused("chain_expired")
    names = extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    return ECKey(leaf.public_key(), leaf.public_key()), names.get_values_for_type(
        x509.UniformResourceIdentifier
    )


def is_below(leaf, anchor):
    try:
        leaf.verify_directly_issued_by(anchor)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True


def signed_claims(token, key):
    """What a token says, if this key signed it with ES256."""
    return jwt.decode(token, key, registry=REGISTRY).claims


def check(presentation, trust, statuses, audience, nonce):
    """The claims that are shown; raises Refused."""
    shown, _, binding = presentation.rpartition("~")
    token, *disclosures = shown.split("~")
    key, names = key_of(token, trust, CERTIFICATE, "dc+sd-jwt")
    claims, now = signed_claims(token, key), time.time()
    types = {each["iss"]: each["types"] for each in trust["issuers"]}
    if claims["iss"] not in names or claims["vct"] not in types.get(claims["iss"], ()):
        raise Refused("issuer")
    if not max(claims["iat"], claims.get("nbf", 0)) - SKEW <= now < claims["exp"] + SKEW:
        raise Refused("expired")
    check_binding(binding, shown + "~", claims["cnf"]["jwk"], audience, nonce)
    check_status(claims["status"]["status_list"], trust, statuses)
    return revealed(claims, disclosures)


def check_binding(binding, shown, jwk, audience, nonce):
    """The holder signed this presentation just now, for us."""
    if header(binding)["typ"] != "kb+jwt":
        raise Refused("key_binding")
    told = signed_claims(binding, ECKey.import_key(jwk))
    if (told["aud"], told["nonce"]) != (audience, nonce):
        raise Refused("audience")
    if not -SKEW <= time.time() - told["iat"] <= OLDEST_BINDING + SKEW:
        raise Refused("key_binding_old")
    if decode(told["sd_hash"]) != hashlib.sha256(shown.encode()).digest():
        raise Refused("key_binding_hash")


def check_status(named, trust, statuses):
    """The issuer's list, signed lately, says that the certificate stands."""
    if not any(named["uri"].startswith(each) for each in trust["status"]):
        raise Refused("status_forbidden")
    token = (Path(statuses) / named["uri"].rpartition("/")[2]).read_text().strip()
    key, _ = key_of(token, trust, STATUS, "statuslist+jwt")
    told, now = signed_claims(token, key), time.time()
    if (
        told["sub"] != named["uri"]
        or not -SKEW <= now - told["iat"] <= OLDEST_STATUS
        or now >= told["exp"] + SKEW
    ):
        raise Refused("status_age")
    bits, packed = told["status_list"]["bits"], decode(told["status_list"]["lst"])
    listed = zlib.decompressobj().decompress(packed, LARGEST_LIST)
    if named["idx"] < 0:
        raise Refused("status_index")
    place, offset = divmod(named["idx"] * bits, 8)
    state = STATES.get(listed[place] >> offset & (1 << bits) - 1, "REVOKED")
    if state != "VALID":
        raise Refused(state)


def revealed(claims, disclosures):
    """The claims with those that are disclosed in their places; every disclosure must belong somewhere, once."""
    by_digest = {hashlib.sha256(each.encode()).digest(): json.loads(decode(each)) for each in disclosures}
    if len(by_digest) < len(disclosures) or claims.pop("_sd_alg", "sha-256") != "sha-256":
        raise Refused("disclosure")
    seen = set()

    def put_in(value):
        if isinstance(value, dict):
            for digest in value.pop("_sd", []):
                if digest in seen:
                    raise Refused("disclosure")
                seen.add(digest)
                if disclosed := by_digest.pop(decode(digest), None):
                    _, name, inner = disclosed
                    if name in value or name in ("_sd", "..."):
                        raise Refused("disclosure")
                    value[name] = inner
            for inner in value.values():
                put_in(inner)

    put_in(claims)
    if by_digest:
        raise Refused("disclosure")
    return {name: value for name, value in claims.items() if name not in TECHNICAL}


def main(trust, statuses, audience, nonce):
    try:
        claims = check(
            sys.stdin.read().strip(), json.loads(Path(trust).read_bytes()), statuses, audience, nonce
        )
    except Refused as error:
        reason = str(error)
    except (
        JoseError,
        x509.ExtensionNotFound,
        ValueError,
        KeyError,
        TypeError,
        IndexError,
        OSError,
        zlib.error,
    ):
        reason = "malformed"
    else:
        print(json.dumps({"outcome": "VALID", "claims": claims}, ensure_ascii=False))
        return 0
    outcome = reason if reason in ("SUSPENDED", "REVOKED") else "INVALID"
    print(json.dumps({"outcome": outcome, "reason": reason}))
    return 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
