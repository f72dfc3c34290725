#!/usr/bin/env bash
# check.sh TRUST STATUSES AUDIENCE NONCE < presentation
#
# Checks an SD-JWT VC without asking anybody: TRUST is the issuer's trust list, whose root you compared once by phone;
# STATUSES is a folder of status lists, fetched within the last minutes. Needs openssl 3, jq and gzip.
set -uo pipefail
trust=$1 statuses=$2 audience=$3 nonce=$4 here=$(dirname "$0") now=$(date +%s)
. "$here/es256.sh"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
arc=2.25.168874824959178130978971181482716895745

refuse() {
  case $1 in SUSPENDED | REVOKED) outcome=$1 ;; *) outcome=INVALID ;; esac
  jq -cn --arg outcome "$outcome" --arg reason "$1" '{$outcome, $reason}'
  exit 1
}

# key TOKEN USAGE TYP OUT: the key that signed a token, of one certificate right below an anchor.
key() {
  part "$1" 1 | jq -e --arg typ "$3" '.alg == "ES256" and .typ == $typ and (.x5c | length) == 1 and .crit == null' >/dev/null || refuse header
  part "$1" 1 | jq -r '.x5c[0]' | openssl base64 -d -A | openssl x509 -inform DER >"$4.crt" 2>/dev/null || refuse chain
  jq -r '.anchors[] | "-----BEGIN CERTIFICATE-----\n\(.)\n-----END CERTIFICATE-----"' "$trust" | sed 's/.\{64\}/&\n/g; /^$/d' >"$work/roots.pem"
  openssl verify -CAfile "$work/roots.pem" "$4.crt" >/dev/null 2>&1 || refuse chain
  openssl x509 -in "$4.crt" -noout -ext extendedKeyUsage | grep -q -x " *$2" || refuse purpose
  openssl x509 -in "$4.crt" -noout -pubkey >"$4"
  verifies "$1" "$4" || refuse signature
}

IFS= read -r presentation || true
[ ${#presentation} -le 65536 ] || refuse too_large
IFS='~' read -r -a parts <<<"$presentation"
binding=${presentation##*~} shown=${presentation%"$binding"} token=${parts[0]:-}
unset "parts[0]"
[ -n "$binding" ] && unset "parts[${#parts[@]}]"

[ ${#parts[@]} -le 100 ] || refuse too_large

key "$token" "$arc.1" dc+sd-jwt "$work/certificate"
claims=$(part "$token" 2)
iss=$(jq -r .iss <<<"$claims")
openssl x509 -in "$work/certificate.crt" -noout -ext subjectAltName | grep -q -x " *URI:$iss" || refuse issuer
jq -e --argjson told "$claims" '.issuers[] | select(.iss == $told.iss) | .types | index($told.vct) != null' "$trust" >/dev/null || refuse issuer
jq -e --argjson now "$now" '([.iat, .nbf // 0] | max) - 60 <= $now and $now < .exp + 60' <<<"$claims" >/dev/null || refuse expired

# The holder signed this presentation just now, for us.
[ -n "$binding" ] || refuse key_binding
jq .cnf.jwk <<<"$claims" >"$work/holder.json"
pem "$work/holder.json" >"$work/holder"
part "$binding" 1 | jq -e '.alg == "ES256" and .typ == "kb+jwt"' >/dev/null || refuse key_binding
verifies "$binding" "$work/holder" || refuse key_binding
told=$(part "$binding" 2)
jq -e --arg aud "$audience" --arg nonce "$nonce" '.aud == $aud and .nonce == $nonce' <<<"$told" >/dev/null || refuse audience
jq -e --argjson now "$now" '$now - .iat | . >= -60 and . <= 360' <<<"$told" >/dev/null || refuse key_binding_old
digest() { openssl dgst -sha256 -binary | encode; }
[ "$(printf %s "$shown" | digest)" = "$(jq -r .sd_hash <<<"$told")" ] || refuse key_binding_hash

# The issuer's list, signed lately, says that the certificate stands.
uri=$(jq -r .status.status_list.uri <<<"$claims")
jq -e --arg uri "$uri" '.status | any(. as $each | $uri | startswith($each))' "$trust" >/dev/null || refuse status_forbidden
list=$(cat "$statuses/${uri##*/}") || refuse malformed
key "$list" "$arc.3" statuslist+jwt "$work/status"
told=$(part "$list" 2)
jq -e --arg uri "$uri" --argjson now "$now" '.sub == $uri and $now - .iat >= -60 and $now - .iat <= 900' <<<"$told" >/dev/null || refuse status_age
bits=$(jq -r .status_list.bits <<<"$told") index=$(jq -r .status.status_list.idx <<<"$claims")
[[ $index =~ ^[0-9]{1,9}$ && $bits =~ ^[1248]$ ]] || refuse status_index
# zlib is gzip with another frame: its first two bytes go, gzip's header comes, and gzip misses its own checksum.
{ printf '\037\213\010\0\0\0\0\0\0\377'; jq -r .status_list.lst <<<"$told" | decode | tail -c +3; } | gzip -dc 2>/dev/null >"$work/list"
byte=$(od -An -v -tu1 -j $((index * bits / 8)) -N 1 "$work/list")
[ -n "$byte" ] || refuse status_index
case $((byte >> (index * bits % 8) & ((1 << bits) - 1))) in 0) ;; 2) refuse SUSPENDED ;; *) refuse REVOKED ;; esac

# Every disclosure is put in its place, and must belong somewhere.
[ "$(printf '%s\n' ${parts[@]+"${parts[@]}"} | sort | uniq -d)" = "" ] || refuse disclosure
for disclosure in ${parts[@]+"${parts[@]}"}; do
  printf %s "$disclosure" | decode | jq -c --arg digest "$(printf %s "$disclosure" | digest)" '
    if length == 3 then {($digest): .} else error("disclosure") end' 2>/dev/null >>"$work/disclosed" || refuse disclosure
done
touch "$work/disclosed"
jq -s 'add // {}' "$work/disclosed" >"$work/disclosed.json"
jq -c --slurpfile disclosed "$work/disclosed.json" '
  def put: if type == "object" then
      (._sd // []) as $digests | del(._sd)
      | reduce ($digests[] | $disclosed[0][.] // empty) as $d (.; if has($d[1]) then error("disclosure") else .[$d[1]] = $d[2] end)
      | map_values(put)
    else . end;
  if (._sd_alg // "sha-256") != "sha-256" then error("disclosure") else . end
  | [.. | objects | ._sd // [] | .[]] as $open
  | [$disclosed[0][] | .. | objects | ._sd // [] | .[]] as $within
  | ($open + $within) as $all
  | if ($all | unique | length) != ($all | length) then error("disclosure") else . end
  | if ($disclosed[0] | keys - $all) != [] then error("disclosure") else . end
  | if any($disclosed[0][]; .[1] == "_sd" or .[1] == "...") then error("disclosure") else . end
  | put | del(.iss, .iat, .nbf, .exp, .vct, .cnf, .status, ._sd_alg) | {outcome: "VALID", claims: .}' <<<"$claims" 2>/dev/null || refuse disclosure
