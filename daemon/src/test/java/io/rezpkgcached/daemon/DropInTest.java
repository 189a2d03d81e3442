package io.rezpkgcached.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class DropInTest {
    private static final String FIRST = "# Written by rez-pkg-cached --print-drop-in; to be written anew when the"
            + " setting cache_packages_path changes.\n";

    @Test
    void dropIn_ofPlainPath_namesIt() {
        assertEquals(FIRST + "[Unit]\nRequiresMountsFor=/srv/cache\n[Service]\nReadWritePaths=-/srv/cache\n",
                DropIn.of(Path.of("/srv/x/../cache/")));
    }

    @Test
    void dropIn_ofOddPath_isQuotedForSystemd() {
        assertEquals(FIRST + "[Unit]\nRequiresMountsFor=\"/srv/my \\\"100%%\\\"\"\n[Service]\n"
                + "ReadWritePaths=\"-/srv/my \\\"100%%\\\"\"\n", DropIn.of(Path.of("/srv/my \"100%\"")));
    }
}
