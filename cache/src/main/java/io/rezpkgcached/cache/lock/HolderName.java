package io.rezpkgcached.cache.lock;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The name of a lock holder's own file: {@code "%s-%x.%s%s"} of host, thread, pid and a signed 64-bit number
 * ({@code lockfile.LockBase}). Where the number is positive, pid and number run together, and every split that is
 * possible is a reading.
 *
 * @param host the host of the holder
 * @param pids the process ids that the name may speak of, at least one
 */
record HolderName(String host, List<Long> pids) {
    private static final Pattern FORM = Pattern.compile("(.*)-[0-9a-f]{1,8}\\.([1-9][0-9]*)(-[0-9]+)?",
            Pattern.DOTALL);

    /** {@code 2^63 - 1} has 19 digits. */
    private static final int MAX_NUMBER_DIGITS = 19;

    /** The kernel's largest {@code pid_max} is 4194304. */
    private static final int MAX_PID_DIGITS = 7;

    HolderName {
        pids = List.copyOf(pids);
    }

    /** Our own name: its number is negative, so that the pid can be read without doubt. */
    static String of(String host, long thread, long pid, long number) {
        return "%s-%x.%d-%d".formatted(host, thread & 0xffffffffL, pid, (number & Long.MAX_VALUE) | 1);
    }

    static Optional<HolderName> parse(String name) {
        Matcher matcher = FORM.matcher(name);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        String digits = matcher.group(2);
        List<Long> pids = new ArrayList<>();
        if (matcher.group(3) != null) {
            if (digits.length() <= MAX_PID_DIGITS) {
                pids.add(Long.parseLong(digits));
            }
        } else {
            int shortest = Math.max(1, digits.length() - MAX_NUMBER_DIGITS);
            for (int length = shortest; length <= Math.min(MAX_PID_DIGITS, digits.length() - 1); length++) {
                boolean leadingZero = digits.charAt(length) == '0' && length < digits.length() - 1;
                if (!leadingZero) {
                    pids.add(Long.parseLong(digits.substring(0, length)));
                }
            }
        }
        return pids.isEmpty() ? Optional.empty() : Optional.of(new HolderName(matcher.group(1), pids));
    }
}
