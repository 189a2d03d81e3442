package io.rezpkgcached.cache.definition;

/** An attribute has a value of a kind that rez refuses. */
final class SchemaException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String attribute;

    SchemaException(String attribute, String found) {
        super(attribute + " is " + found);
        this.attribute = attribute;
    }

    String attribute() {
        return attribute;
    }
}
