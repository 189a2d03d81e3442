package io.rezpkgcached.client.syntax;

/**
 * The words of a command that are no options.
 *
 * @param metavar what each is called
 * @param least   how many there must be
 * @param most    how many there may be
 * @param help    one sentence or more, without a full stop at the end
 */
public record Operands(String metavar, int least, int most, String help) {
    /** None at all. */
    public static final Operands NONE = new Operands("", 0, 0, "");

    public static Operands optional(String metavar, String help) {
        return new Operands(metavar, 0, 1, help);
    }

    public static Operands one(String metavar, String help) {
        return new Operands(metavar, 1, 1, help);
    }

    public static Operands any(String metavar, String help) {
        return new Operands(metavar, 0, Integer.MAX_VALUE, help);
    }

    public static Operands some(String metavar, String help) {
        return new Operands(metavar, 1, Integer.MAX_VALUE, help);
    }
}
