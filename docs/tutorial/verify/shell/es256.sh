# ES256 with openssl: signatures travel as two numbers of 32 bytes, and openssl speaks DER.

# The bytes of Base64URL; and Base64URL of bytes.
decode() { local t; t=$(tr -- '-_' '+/'); while [ $((${#t} % 4)) -ne 0 ]; do t="$t="; done; printf %s "$t" | openssl base64 -d -A; }
encode() { openssl base64 -A | tr '+/' '-_' | tr -d '='; }

# A JWT's part, as JSON: part TOKEN 1 is the header, 2 the claims.
part() { printf %s "$1" | cut -d. -f"$2" | decode; }

# verifies TOKEN PUBLIC.pem
verifies() {
  local raw r s signature
  raw=$(printf %s "${1##*.}" | decode | od -An -v -tx1 | tr -d ' \n')
  [ ${#raw} -eq 128 ] || return 1
  r=${raw%????????????????????????????????????????????????????????????????}; s=${raw#"$r"}
  signature=$(mktemp)
  printf 'asn1=SEQUENCE:s\n[s]\nr=INTEGER:0x%s\ns=INTEGER:0x%s\n' "$r" "$s" >"$signature.cnf"
  openssl asn1parse -genconf "$signature.cnf" -noout -out "$signature"
  printf %s "${1%.*}" | openssl dgst -sha256 -verify "$2" -signature "$signature" >/dev/null 2>&1
  local found=$?
  rm -f "$signature" "$signature.cnf"
  return $found
}

# sign PRIVATE.pem HEADER CLAIMS: a JWT.
sign() {
  local text
  text="$(printf %s "$2" | encode).$(printf %s "$3" | encode)"
  printf %s "$text."
  printf %s "$text" | openssl dgst -sha256 -sign "$1" | openssl asn1parse -inform DER \
    | sed -n 's/.*INTEGER *://p' | while read -r number; do printf '%64s' "$number" | tr ' ' 0; done | unhex | encode
}

# The bytes of hexadecimal digits.
unhex() { local hex; hex=$(cat); printf "$(printf %s "$hex" | sed 's/../\\x&/g')"; }

# pem JWK.json: the public key; with `private` as the second word the private one.
pem() {
  local x y d point
  x=$(jq -r .x <"$1" | decode | hex); y=$(jq -r .y <"$1" | decode | hex); point=04$x$y
  if [ "${2:-public}" = private ]; then
    d=$(jq -r .d <"$1" | decode | hex)
    printf '30770201010420%sa00a06082a8648ce3d030107a144034200%s' "$d" "$point" | unhex | openssl ec -inform DER 2>/dev/null
  else
    printf '3059301306072a8648ce3d020106082a8648ce3d030107034200%s' "$point" | unhex | openssl ec -pubin -inform DER 2>/dev/null
  fi
}

hex() { od -An -v -tx1 | tr -d ' \n'; }
