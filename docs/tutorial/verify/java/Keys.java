import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPrivateKeySpec;
import java.security.spec.ECPublicKeySpec;
import java.util.Base64;
import java.util.Map;

/** ES256 and JWK by the JDK alone. */
final class Keys {
    private static final String ES256 = "SHA256withECDSAinP1363Format";

    static byte[] decode(String text) {
        return Base64.getUrlDecoder().decode(text);
    }

    static String encode(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    static byte[] sha256(String text) throws GeneralSecurityException {
        return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.US_ASCII));
    }

    static boolean verifies(PublicKey key, String signed, byte[] signature) throws GeneralSecurityException {
        Signature verifier = Signature.getInstance(ES256);
        verifier.initVerify(key);
        verifier.update(signed.getBytes(StandardCharsets.US_ASCII));
        return signature.length == 64 && verifier.verify(signature);
    }

    /** A JWT. */
    static String signed(PrivateKey key, Map<String, Object> head, Map<String, Object> claims)
            throws GeneralSecurityException {
        String text = part(head) + "." + part(claims);
        Signature signer = Signature.getInstance(ES256);
        signer.initSign(key);
        signer.update(text.getBytes(StandardCharsets.US_ASCII));
        return text + "." + encode(signer.sign());
    }

    static PublicKey publicKey(Map<String, Object> jwk) throws GeneralSecurityException {
        ECPoint point = new ECPoint(number(jwk, "x"), number(jwk, "y"));
        return KeyFactory.getInstance("EC").generatePublic(new ECPublicKeySpec(point, p256()));
    }

    static PrivateKey privateKey(Map<String, Object> jwk) throws GeneralSecurityException {
        return KeyFactory.getInstance("EC").generatePrivate(new ECPrivateKeySpec(number(jwk, "d"), p256()));
    }

    static Map<String, Object> jwk(ECPublicKey key) {
        ECPoint point = key.getW();
        String x = coordinate(point.getAffineX()), y = coordinate(point.getAffineY());
        return Map.of("kty", "EC", "crv", "P-256", "x", x, "y", y);
    }

    /** 32 bytes, whatever leading zeros the number has. */
    private static String coordinate(BigInteger number) {
        byte[] bytes = new byte[32], told = number.toByteArray();
        int length = Math.min(32, told.length);
        System.arraycopy(told, told.length - length, bytes, 32 - length, length);
        return encode(bytes);
    }

    private static ECParameterSpec p256() throws GeneralSecurityException {
        AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC");
        parameters.init(new ECGenParameterSpec("secp256r1"));
        return parameters.getParameterSpec(ECParameterSpec.class);
    }

    private static BigInteger number(Map<String, Object> jwk, String name) {
        return new BigInteger(1, decode((String) jwk.get(name)));
    }

    private static String part(Map<String, Object> value) {
        return encode(Json.write(value).getBytes(StandardCharsets.UTF_8));
    }
}
