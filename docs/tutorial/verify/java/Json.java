import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** JSON as the JDK's own maps, lists, strings, numbers and booleans: the JDK reads none itself. */
final class Json {
    private final String text;
    private int at;

    private Json(String text) {
        this.text = text;
    }

    static Object read(String text) {
        Json reader = new Json(text);
        Object value = reader.value();
        reader.blanks();
        if (reader.at != text.length()) throw new IllegalArgumentException("more than one value");
        return value;
    }

    @SuppressWarnings("unchecked")
    static Map<String, Object> object(String text) {
        return (Map<String, Object>) read(text);
    }

    static String write(Object value) {
        if (value instanceof Map<?, ?> map) {
            List<String> members = new ArrayList<>();
            map.forEach((name, each) -> members.add(write(name) + ":" + write(each)));
            return "{" + String.join(",", members) + "}";
        }
        if (value instanceof List<?> list) return "[" + String.join(",", list.stream().map(Json::write).toList()) + "]";
        if (!(value instanceof String string)) return String.valueOf(value);
        StringBuilder out = new StringBuilder("\"");
        for (char c : string.toCharArray()) {
            if (c == '"' || c == '\\') out.append('\\').append(c);
            else if (c < ' ') out.append(String.format("\\u%04x", (int) c));
            else out.append(c);
        }
        return out.append('"').toString();
    }

    private Object value() {
        blanks();
        return switch (peek()) {
            case '{' -> members();
            case '[' -> elements();
            case '"' -> string();
            default -> word();
        };
    }

    private Map<String, Object> members() {
        Map<String, Object> found = new LinkedHashMap<>();
        at++;
        for (blanks(); peek() != '}'; separator('}')) {
            blanks();
            String name = string();
            blanks();
            take(':');
            if (found.put(name, value()) != null) throw new IllegalArgumentException("a name stands twice");
        }
        at++;
        return found;
    }

    private List<Object> elements() {
        List<Object> found = new ArrayList<>();
        at++;
        for (blanks(); peek() != ']'; separator(']')) found.add(value());
        at++;
        return found;
    }

    private void separator(char end) {
        blanks();
        if (peek() != end) take(',');
        blanks();
    }

    private String string() {
        take('"');
        StringBuilder out = new StringBuilder();
        while (peek() != '"') {
            char c = text.charAt(at++);
            out.append(c == '\\' ? escaped() : c);
        }
        at++;
        return out.toString();
    }

    private char escaped() {
        char c = text.charAt(at++);
        if (c == 'u') return (char) Integer.parseInt(text.substring(at, at += 4), 16);
        int known = "bfnrt".indexOf(c);
        return known < 0 ? c : "\b\f\n\r\t".charAt(known);
    }

    private Object word() {
        int start = at;
        while (at < text.length() && ",]} \n\r\t".indexOf(text.charAt(at)) < 0) at++;
        String word = text.substring(start, at);
        return switch (word) {
            case "true" -> true;
            case "false" -> false;
            case "null" -> null;
            default -> number(word);
        };
    }

    private static Object number(String word) {
        if (word.matches("-?[0-9]+")) return Long.valueOf(word);
        return Double.valueOf(word);
    }

    private void blanks() {
        while (at < text.length() && " \n\r\t".indexOf(text.charAt(at)) >= 0) at++;
    }

    private char peek() {
        if (at >= text.length()) throw new IllegalArgumentException("it ends too soon");
        return text.charAt(at);
    }

    private void take(char wanted) {
        if (peek() != wanted) throw new IllegalArgumentException("another sign was expected");
        at++;
    }
}
