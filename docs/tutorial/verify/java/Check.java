import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * java -cp out Check TRUST STATUSES AUDIENCE NONCE &lt; presentation
 *
 * <p>Checks an SD-JWT VC without asking anybody: TRUST is the issuer's trust list, whose root you compared once by
 * phone; STATUSES is a folder of status lists, fetched within the last minutes. Needs the JDK alone.
 */
final class Check {
    private static final String ARC = "2.25.168874824959178130978971181482716895745";
    private static final String CERTIFICATE = ARC + ".1", STATUS = ARC + ".3";
    private static final Set<String> TECHNICAL = Set.of("iss", "iat", "nbf", "exp", "vct", "cnf", "status", "_sd_alg");
    private static final long SKEW = 60, OLDEST_BINDING = 300, OLDEST_STATUS = 900;
    private static final int LARGEST_LIST = 1 << 22;

    @SuppressWarnings("serial")
    static final class Refused extends Exception {
        Refused(String reason) {
            super(reason);
        }
    }

    private final Map<String, Object> trust;
    private final Path statuses;
    private final long now = Instant.now().getEpochSecond();

    Check(Map<String, Object> trust, Path statuses) {
        this.trust = trust;
        this.statuses = statuses;
    }

    public static void main(String[] given) throws IOException {
        String presentation = new String(System.in.readAllBytes(), StandardCharsets.US_ASCII).strip();
        String reason;
        try {
            Check check = new Check(Json.object(Files.readString(Path.of(given[0]))), Path.of(given[1]));
            Map<String, Object> claims = check.claims(presentation, given[2], given[3]);
            System.out.println(Json.write(Map.of("outcome", "VALID", "claims", claims)));
            return;
        } catch (Refused refused) {
            reason = refused.getMessage();
        } catch (GeneralSecurityException | DataFormatException | IOException | RuntimeException malformed) {
            reason = "malformed";
        }
        String outcome = Set.of("SUSPENDED", "REVOKED").contains(reason) ? reason : "INVALID";
        System.out.println(Json.write(Map.of("outcome", outcome, "reason", reason)));
        System.exit(1);
    }

    /** The claims that are shown. */
    Map<String, Object> claims(String presentation, String audience, String nonce)
            throws Refused, GeneralSecurityException, IOException, DataFormatException {
        String[] parts = presentation.split("~", -1);
        X509Certificate leaf = certificate(parts[0], CERTIFICATE, "dc+sd-jwt");
        Map<String, Object> claims = signed(parts[0], leaf.getPublicKey());
        demand(leaf.getSubjectAlternativeNames().stream().anyMatch(n -> n.get(1).equals(claims.get("iss"))), "issuer");
        demand(issues((String) claims.get("iss"), claims.get("vct")), "issuer");
        demand(!claims.containsKey("nbf") || whole(claims, "nbf") - SKEW <= now, "not_yet_valid");
        demand(whole(claims, "iat") - SKEW <= now && now < whole(claims, "exp") + SKEW, "expired");
        String shown = presentation.substring(0, presentation.lastIndexOf('~') + 1);
        checkBinding(parts[parts.length - 1], shown, map(map(claims.get("cnf")).get("jwk")), audience, nonce);
        checkStatus(map(map(claims.get("status")).get("status_list")));
        reveal(claims, List.of(parts).subList(1, parts.length - 1));
        claims.keySet().removeAll(TECHNICAL);
        return claims;
    }

    /** The certificate that signed a token: one, right below an anchor of the trust list. */
    private X509Certificate certificate(String token, String usage, String typ)
            throws Refused, GeneralSecurityException {
        Map<String, Object> head = part(token, 0);
        demand("ES256".equals(head.get("alg")) && typ.equals(head.get("typ")) && !head.containsKey("crit"), "header");
        List<?> chain = (List<?>) head.get("x5c");
        demand(chain.size() == 1, "chain");
        X509Certificate leaf = parse((String) chain.get(0));
        boolean below = false;
        for (Object anchor : (List<?>) trust.get("anchors")) below |= isBelow(leaf, parse((String) anchor));
        demand(below, "chain");
        demand(leaf.getExtendedKeyUsage() != null && leaf.getExtendedKeyUsage().contains(usage), "purpose");
        leaf.checkValidity();
        return leaf;
    }

    private static X509Certificate parse(String der) throws GeneralSecurityException {
        byte[] bytes = Base64.getDecoder().decode(der);
        return (X509Certificate)
                CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(bytes));
    }

    private static boolean isBelow(X509Certificate leaf, X509Certificate anchor) {
        try {
            leaf.verify(anchor.getPublicKey());
            return leaf.getIssuerX500Principal().equals(anchor.getSubjectX500Principal());
        } catch (GeneralSecurityException another) {
            return false;
        }
    }

    private boolean issues(String iss, Object type) {
        return ((List<?>) trust.get("issuers"))
                .stream().map(Check::map).anyMatch(i -> i.get("iss").equals(iss) && ((List<?>) i.get("types")).contains(type));
    }

    /** The holder signed this presentation just now, for us. */
    private void checkBinding(String binding, String shown, Map<String, Object> jwk, String audience, String nonce)
            throws Refused, GeneralSecurityException {
        Map<String, Object> head = part(binding, 0);
        demand("kb+jwt".equals(head.get("typ")) && "ES256".equals(head.get("alg")), "key_binding");
        Map<String, Object> told = signed(binding, Keys.publicKey(jwk));
        demand(audience.equals(told.get("aud")) && nonce.equals(told.get("nonce")), "audience");
        long age = now - whole(told, "iat");
        demand(-SKEW <= age && age <= OLDEST_BINDING + SKEW, "key_binding_old");
        demand(Keys.encode(Keys.sha256(shown)).equals(told.get("sd_hash")), "key_binding_hash");
    }

    /** The issuer's list, signed lately, says that the certificate stands. */
    private void checkStatus(Map<String, Object> named)
            throws Refused, GeneralSecurityException, IOException, DataFormatException {
        String uri = (String) named.get("uri");
        demand(((List<?>) trust.get("status")).stream().anyMatch(each -> uri.startsWith((String) each)), "status_forbidden");
        String token = Files.readString(statuses.resolve(uri.substring(uri.lastIndexOf('/') + 1))).strip();
        Map<String, Object> told = signed(token, certificate(token, STATUS, "statuslist+jwt").getPublicKey());
        long age = now - whole(told, "iat");
        demand(uri.equals(told.get("sub")) && -SKEW <= age && age <= OLDEST_STATUS, "status_age");
        Map<String, Object> listed = map(told.get("status_list"));
        int bits = (int) whole(listed, "bits");
        demand(whole(named, "idx") >= 0, "status_index");
        long bit = Math.multiplyExact(whole(named, "idx"), bits);
        byte[] list = inflated(Keys.decode((String) listed.get("lst")));
        int state = list[Math.toIntExact(bit / 8)] >> bit % 8 & (1 << bits) - 1;
        demand(state == 0, state == 2 ? "SUSPENDED" : "REVOKED");
    }

    private static byte[] inflated(byte[] packed) throws DataFormatException {
        Inflater inflater = new Inflater();
        inflater.setInput(packed);
        byte[] list = new byte[LARGEST_LIST];
        int length = inflater.inflate(list);
        inflater.end();
        return java.util.Arrays.copyOf(list, length);
    }

    /** Put every disclosure in its place; each must belong somewhere, once. */
    private static void reveal(Map<String, Object> claims, List<String> disclosures)
            throws Refused, GeneralSecurityException {
        Map<String, List<?>> byDigest = new HashMap<>();
        for (String each : disclosures) {
            String text = new String(Keys.decode(each), StandardCharsets.UTF_8);
            byDigest.put(Keys.encode(Keys.sha256(each)), (List<?>) Json.read(text));
        }
        demand(byDigest.size() == disclosures.size(), "disclosure");
        demand(claims.getOrDefault("_sd_alg", "sha-256").equals("sha-256"), "disclosure");
        putIn(claims, byDigest, new HashSet<>());
        demand(byDigest.isEmpty(), "disclosure");
    }

    private static void putIn(Map<String, Object> claims, Map<String, List<?>> byDigest, Set<Object> seen)
            throws Refused {
        Object digests = claims.remove("_sd");
        for (Object digest : digests == null ? List.of() : (List<?>) digests) {
            demand(seen.add(digest), "disclosure");
            List<?> disclosed = byDigest.remove(digest);
            if (disclosed == null) continue;
            String name = (String) disclosed.get(1);
            demand(!Set.of("_sd", "...").contains(name) && !claims.containsKey(name), "disclosure");
            claims.put(name, disclosed.get(2));
        }
        for (Object inner : claims.values()) if (inner instanceof Map<?, ?>) putIn(map(inner), byDigest, seen);
    }

    private static Map<String, Object> signed(String token, java.security.PublicKey key)
            throws Refused, GeneralSecurityException {
        int dot = token.lastIndexOf('.');
        demand(Keys.verifies(key, token.substring(0, dot), Keys.decode(token.substring(dot + 1))), "signature");
        return part(token, 1);
    }

    private static Map<String, Object> part(String token, int place) {
        return new LinkedHashMap<>(Json.object(new String(Keys.decode(token.split("\\.")[place]), StandardCharsets.UTF_8)));
    }

    private static long whole(Map<String, Object> claims, String name) {
        return (Long) claims.get(name);
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> map(Object value) {
        return (Map<String, Object>) value;
    }

    private static void demand(boolean so, String reason) throws Refused {
        if (!so) throw new Refused(reason);
    }
}
