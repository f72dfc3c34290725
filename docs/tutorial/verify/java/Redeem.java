import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/**
 * java -cp out Redeem SERVER CLIENT KEY LINK
 *
 * <p>Signs in as the partner CLIENT with its private key (a JWK's file), redeems the share of LINK, prints what it came
 * to. Needs the JDK alone.
 */
final class Redeem {
    private static final String REDEEM = "mutation($input: RedeemShareTokenInput!) { redeemShareToken(input: $input) {"
            + " verification { outcome standing claims { name value } receipt }"
            + " userErrors { code message(language: EN) } } }";
    private static final String ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

    private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final String server, client, issuer;
    private final Map<String, Object> jwk;
    private final KeyPair proofKey;

    Redeem(String server, String client, Path key) throws GeneralSecurityException, IOException, InterruptedException {
        this.server = server;
        this.client = client;
        this.jwk = Json.object(Files.readString(key));
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        this.proofKey = generator.generateKeyPair();
        // What the server calls itself, which signatures name; behind a proxy that is its address.
        this.issuer = (String) send(request("/.well-known/oauth-authorization-server").GET()).get("issuer");
    }

    public static void main(String[] given) throws Exception {
        Redeem partner = new Redeem(given[0], given[1], Path.of(given[2]));
        System.out.println(Json.write(partner.redeem(given[3].substring(given[3].indexOf('#') + 1))));
    }

    Object redeem(String share) throws GeneralSecurityException, IOException, InterruptedException {
        String token = signIn();
        Map<String, Object> input = Map.of("idempotencyKey", UUID.randomUUID().toString(), "token", share);
        String body = Json.write(Map.of("query", REDEEM, "variables", Map.of("input", input)));
        HttpRequest.Builder asked = request("/verify/graphql")
                .header("Authorization", "DPoP " + token)
                .header("DPoP", proof("/verify/graphql", token))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body));
        return ((Map<?, ?>) send(asked).get("data")).get("redeemShareToken");
    }

    /** An access token for ten minutes, for who we are by our key (private_key_jwt). */
    private String signIn() throws GeneralSecurityException, IOException, InterruptedException {
        Map<String, Object> claims = claims();
        claims.putAll(Map.of("iss", client, "sub", client, "aud", issuer, "exp", Instant.now().getEpochSecond() + 60));
        Map<String, Object> head = Map.of("alg", "ES256", "kid", jwk.get("kid"));
        String assertion = Keys.signed(Keys.privateKey(jwk), head, claims);
        String form = "grant_type=client_credentials"
                + "&client_assertion_type=" + URLEncoder.encode(ASSERTION, StandardCharsets.US_ASCII)
                + "&client_assertion=" + assertion;
        HttpRequest.Builder asked = request("/oauth/token")
                .header("DPoP", proof("/oauth/token", null))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(form));
        return (String) send(asked).get("access_token");
    }

    /** That we hold the key to which the token is bound (DPoP): one proof for each request. */
    private String proof(String path, String token) throws GeneralSecurityException {
        Map<String, Object> claims = claims();
        claims.putAll(Map.of("htm", "POST", "htu", issuer + path));
        if (token != null) claims.put("ath", Keys.encode(Keys.sha256(token)));
        Map<String, Object> head =
                Map.of("alg", "ES256", "typ", "dpop+jwt", "jwk", Keys.jwk((ECPublicKey) proofKey.getPublic()));
        return Keys.signed(proofKey.getPrivate(), head, claims);
    }

    private static Map<String, Object> claims() {
        return new LinkedHashMap<>(Map.of("iat", Instant.now().getEpochSecond(), "jti", UUID.randomUUID().toString()));
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(server + path));
    }

    private Map<String, Object> send(HttpRequest.Builder asked) throws IOException, InterruptedException {
        var answer = http.send(asked.build(), BodyHandlers.ofString());
        if (answer.statusCode() != 200) throw new IOException(answer.statusCode() + " " + answer.body());
        return Json.object(answer.body());
    }
}
