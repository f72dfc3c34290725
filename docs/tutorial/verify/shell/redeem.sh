#!/usr/bin/env bash
# redeem.sh SERVER CLIENT KEY LINK
#
# Signs in as the partner CLIENT with its private key (a JWK's file), redeems the share of LINK, prints what it came to.
# Needs curl, openssl 3 and jq.
set -euo pipefail
server=$1 client=$2 key=$3 link=$4 here=$(dirname "$0")
. "$here/es256.sh"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
umask 077
pem "$key" private >"$work/client.pem"

# The key to which the token is bound (DPoP), made for this once, and its JWK.
openssl ecparam -name prime256v1 -genkey -noout -out "$work/proof.pem"
point=$(openssl ec -in "$work/proof.pem" -pubout -outform DER 2>/dev/null | tail -c 64 | hex)
jwk=$(jq -cn --arg x "$(printf %s "${point:0:64}" | unhex | encode)" --arg y "$(printf %s "${point:64}" | unhex | encode)" \
  '{kty: "EC", crv: "P-256", $x, $y}')

# What the server calls itself, which signatures name; behind a proxy that is its address.
issuer=$(curl -sSf "$server/.well-known/oauth-authorization-server" | jq -r .issuer)
id() { openssl rand -hex 16; }

# proof PATH [TOKEN]: that we hold that key; one proof for each request.
proof() {
  local claims
  claims=$(jq -cn --arg htu "$issuer$1" --arg jti "$(id)" --argjson iat "$(date +%s)" '{htm: "POST", $htu, $jti, $iat}')
  [ $# -lt 2 ] || claims=$(jq -c --arg ath "$(printf %s "$2" | openssl dgst -sha256 -binary | encode)" '.ath = $ath' <<<"$claims")
  sign "$work/proof.pem" "$(jq -cn --argjson jwk "$jwk" '{alg: "ES256", typ: "dpop+jwt", $jwk}')" "$claims"
}

# Who we are, by our key (private_key_jwt).
assertion=$(sign "$work/client.pem" "$(jq -c '{alg: "ES256", kid}' "$key")" \
  "$(jq -cn --arg client "$client" --arg aud "$issuer" --arg jti "$(id)" --argjson now "$(date +%s)" \
    '{iss: $client, sub: $client, $aud, $jti, iat: $now, exp: ($now + 60)}')")
token=$(curl -sSf "$server/oauth/token" -H "DPoP: $(proof /oauth/token)" \
  -d grant_type=client_credentials -d client_assertion_type=urn:ietf:params:oauth:client-assertion-type:jwt-bearer \
  -d "client_assertion=$assertion" | jq -r .access_token)

query='mutation($input: RedeemShareTokenInput!) { redeemShareToken(input: $input) {
  verification { outcome standing claims { name value } receipt } userErrors { code message(language: EN) } } }'
jq -n --arg query "$query" --arg key "$(id)" --arg token "${link##*#}" \
  '{$query, variables: {input: {idempotencyKey: $key, $token}}}' |
  curl -sSf "$server/verify/graphql" -H "Authorization: DPoP $token" -H "DPoP: $(proof /verify/graphql "$token")" \
    -H "Content-Type: application/json" -d @- | jq -c .data.redeemShareToken
