import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Prints, for jlink's {@code --exclude-resources}, a pattern for each package that the program does not need, of modules
 * that come in only for a few of theirs. One class of each stays, since jlink refuses a module with empty packages.
 *
 * <p>Each argument is {@code MODULE:FOLDER,FOLDER}: a module, and the folders of its packages that are needed. Runs from
 * its source, on the JDK that jlink is of.
 */
final class Unneeded {
    private Unneeded() {}

    public static void main(String[] arguments) throws IOException {
        for (String argument : arguments) {
            String[] parts = argument.split(":");
            List<String> needed = List.of(parts[1].split(","));
            Path module = FileSystems.getFileSystem(URI.create("jrt:/")).getPath("/modules", parts[0]);
            Map<String, String> keptByPackage = keptByPackage(module);
            for (String folder : needed) {
                if (keptByPackage.keySet().stream().noneMatch(name -> within(name, folder))) {
                    throw new IOException("no such package in " + parts[0] + ": " + folder);
                }
            }
            keptByPackage.forEach((name, kept) -> {
                if (needed.stream().noneMatch(folder -> within(name, folder))) {
                    System.out.println("regex:" + quoted("/" + parts[0] + "/" + name + "/") + "(?!" + quoted(kept) + "$)[^/]+");
                }
            });
        }
    }

    /** The packages of a module, as folders, and of each the class that comes first. */
    private static Map<String, String> keptByPackage(Path module) throws IOException {
        try (var files = Files.walk(module)) {
            return files.filter(file -> file.toString().endsWith(".class"))
                    .filter(file -> !file.getParent().equals(module)) // module-info
                    .collect(Collectors.toMap(file -> module.relativize(file.getParent()).toString(),
                            file -> file.getFileName().toString(), (one, other) -> one.compareTo(other) < 0 ? one : other,
                            TreeMap::new));
        }
    }

    private static boolean within(String name, String folder) {
        return name.equals(folder) || name.startsWith(folder + "/");
    }

    private static String quoted(String text) {
        return text.replaceAll("[.$]", "\\\\$0");
    }
}
